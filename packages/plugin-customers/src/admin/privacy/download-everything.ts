import { call, saveFile, t, toast } from '@clientele/admin-sdk'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

/** Everything that is kept about a person, as a file. */
export async function downloadEverything({ id }: CustomerRow): Promise<void> {
  try {
    const content = await call<unknown>(`${CUSTOMERS}/${id}/export`)
    const text = JSON.stringify(content, null, 2)
    saveFile(`customer-${id}.json`, new Blob([text], { type: 'application/json' }))
    toast(t('customers.export.done'))
  } catch (error) {
    toast((error as Error).message, { kind: 'problem' })
  }
}
