import { corePlugin, type AnyEntity } from '@clientele/core'
import { expect } from 'vitest'
import { plugins } from '../isolation/shop.ts'
import type { Difference, StoredRows } from './stored-rows.ts'

const entities = [corePlugin(), ...plugins].flatMap(
  ({ definition }): readonly AnyEntity[] => definition.entities ?? [],
)

/** Entities that say of themselves that no trail follows them. */
export const offRecord: readonly string[] = entities.filter((one) => !isOnRecord(one)).map(({ name }) => name)

interface Entry {
  readonly action: string
  readonly entity: string
  readonly rowId: string
  readonly requestId: string
  readonly ip: string | null
  readonly details: { readonly before?: object; readonly after?: object } | string | null
}

/**
 * Holds what the database has become after a request of somebody against what the trail tells of it: each difference
 * has an entry with the request and the address, a patch with the values before and after.
 *
 * @param changed what differs, without what projections write
 */
export function expectOnRecord(
  name: string,
  changed: readonly Difference[],
  { before, after }: { readonly before: StoredRows; readonly after: StoredRows },
): void {
  const entries = [...after.entries()]
    .filter(([key]) => key.startsWith('auditEntries ') && !before.has(key))
    .map(([, row]) => row as unknown as Entry)
  // A row that was written and is as it was tells nothing.
  const told = changed.filter(({ table, kind, columns }) => {
    return !offRecord.includes(table) && (kind !== 'patch' || columns.length > 0)
  })
  for (const { table, id, kind } of told) {
    const found = entries.filter((one) => one.entity === table && one.rowId === id && one.action === kind)
    expect(found.length, `${name}: nothing is on the record of ${kind} ${table} ${id}`).toBeGreaterThan(0)
    for (const { requestId, ip, details } of found) {
      expect({ requestId, ip }, name).toEqual({ requestId: entries[0]!.requestId, ip: '127.0.0.1' })
      if (kind === 'patch' && details !== null)
        expect(Object.keys(typeof details === 'string' ? (JSON.parse(details) as object) : details), name)
          // One that is too long says so.
          .toSatisfy((keys: readonly string[]) => keys.includes('tooLong') || keys.length === 2)
    }
  }
}

function isOnRecord({ extension, options }: AnyEntity): boolean {
  return (extension?.base ?? { options }).options.audited ?? true
}
