import { call, t, toast } from '@clientele/admin-sdk'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

/** Everything that is kept about a person, as a file. */
export async function downloadEverything({ id }: CustomerRow): Promise<void> {
  try {
    const content = await call<unknown>(`${CUSTOMERS}/${id}/export`)
    const file = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = `customer-${id}.json`
    link.click()
    // The browser has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    toast(t('customers.export.done'))
  } catch (error) {
    toast((error as Error).message, { kind: 'problem' })
  }
}
