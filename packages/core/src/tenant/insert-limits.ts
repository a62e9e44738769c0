import type { ChangeRecorder } from '../change/record.ts'
import type { Tx } from '../context/context.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'
import type { Registry } from '../plugin/registry.ts'

/** How many rows of an entity a tenant may have is somebody's to say. */
export interface InsertLimit {
  /** The entity's name: `customers`. One that no installed plugin declares is never asked about. */
  readonly entity: string
  /** Called with each write that adds rows, in its transaction and after it; throwing undoes it. */
  check(t: Tx, added: number): Promise<void> | void
}

/** Where plugins say how many rows a tenant may have: quotas of a plan. Nothing is read back for it. */
export const InsertLimits = defineExtensionPoint<InsertLimit>('core.insertLimits')

/** Asks the limits about rows that come, or come back. */
export function insertLimitsRecorder(registry: Pick<Registry, 'contributions'>): ChangeRecorder {
  const limits = (registry.contributions.get(InsertLimits.id) ?? []) as readonly InsertLimit[]
  return {
    wants: ({ entity }) => limits.some((limit) => limit.entity === entity.name),
    async record(t, { kind, registered, rows }) {
      if (kind !== 'insert' && kind !== 'restore') return
      for (const limit of limits) {
        if (limit.entity === registered.entity.name) await limit.check(t, rows.length)
      }
    },
  }
}
