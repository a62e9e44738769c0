import { call } from '../api/call.ts'
import { invalidate } from '../api/use-query.ts'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'

/** A file on its way into the rows of an entity. */
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

/**
 * Waits until an import is over and says what became of its rows. How far it is stands among the jobs meanwhile.
 * @param path of the entity, whose rows are asked for again then
 */
export async function followImport({ id }: Import, path: string): Promise<void> {
  const row = await untilOver(id)
  if (!row) return
  invalidate('/api/v1/imports')
  invalidate(path)
  const { inserted, updated, failed, dryRun, state, message } = row
  const figures = t('import.figures', { inserted, updated, failed })
  if (state === 'failed') return toast(message ?? figures, { kind: 'problem' })
  toast(dryRun ? t('import.tried', { figures }) : figures, {
    ...(dryRun ? {} : { action: { label: t('undo'), run: () => void undo(id, path) } }),
  })
}

async function undo(id: string, path: string): Promise<void> {
  try {
    await call(`/api/v1/imports/${id}/undo`, { method: 'POST' })
    await untilOver(id)
    toast(t('import.undone'))
  } catch (error) {
    toast((error as Error).message, { kind: 'problem' })
  }
  invalidate('/api/v1/imports')
  invalidate(path)
}

/** Null: nobody knows; the jobs tell it. */
async function untilOver(id: string): Promise<Import | null> {
  for (;;) {
    const row = await call<Import>(`/api/v1/imports/${id}`).catch(() => null)
    if (row === null || OVER.has(row.state)) return row
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}
