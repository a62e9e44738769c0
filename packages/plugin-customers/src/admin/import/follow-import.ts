import { call, invalidate, t, toast } from '@clientele/admin-sdk'
import { CUSTOMERS } from '../model/customer.ts'

/** A file on its way into the customers. */
export interface Import {
  readonly id: string
  readonly state: string
  readonly dryRun: boolean
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
  readonly message: string | null
}

const PAUSE = 1000
const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'undone'])

/** Waits until an import is over and says what became of its rows. How far it is stands among the jobs meanwhile. */
export async function followImport({ id }: Import): Promise<void> {
  const row = await untilOver(id)
  if (!row) return
  invalidate('/api/v1/imports')
  invalidate(CUSTOMERS)
  const { inserted, updated, failed, dryRun, state, message } = row
  const figures = t('customers.import.figures', { inserted, updated, failed })
  if (state === 'failed') return toast(message ?? figures, { kind: 'problem' })
  toast(dryRun ? t('customers.import.tried', { figures }) : figures, {
    ...(dryRun ? {} : { action: { label: t('undo'), run: () => void undo(id) } }),
  })
}

async function undo(id: string): Promise<void> {
  try {
    await call(`/api/v1/imports/${id}/undo`, { method: 'POST' })
    await untilOver(id)
    toast(t('customers.import.undone'))
  } catch (error) {
    toast((error as Error).message, { kind: 'problem' })
  }
  invalidate('/api/v1/imports')
  invalidate(CUSTOMERS)
}

/** Null: nobody knows; the jobs tell it. */
async function untilOver(id: string): Promise<Import | null> {
  for (;;) {
    const row = await call<Import>(`/api/v1/imports/${id}`).catch(() => null)
    if (row === null || OVER.has(row.state)) return row
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}
