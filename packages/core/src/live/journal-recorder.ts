import type { ChangeRecorder } from '../change/record.ts'
import type { InternalTx } from '../kernel/runtime.ts'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'
import type { Storage } from '../storage/storage.ts'
import { commitOrder } from './commit-order.ts'
import { journalStatements } from './journal.ts'
import { liveEntities } from './live-entities.ts'

/** How many ids a row of the journal holds; of more it says only how many they are. */
const MOST_IDS = 100

/** Keeps what was written in the journal: one row a call, in the transaction of the write. */
export function journalRecorder(parts: {
  readonly registry: Registry
  readonly storage: Pick<Storage, 'capabilities'>
}): ChangeRecorder {
  const order = commitOrder(parts.storage)
  const names = liveEntities(parts.registry)
  const wanted = new Set([...parts.registry.entities.values()].filter((one) => isWanted(names, one)))
  return {
    wants: (registered) => wanted.has(registered),
    async record(t, { kind, registered: { entity }, rows }) {
      // The rows of an extension come and go with their base's, of which it was told.
      if (entity.extension && kind !== 'patch') return
      await journalStatements(t.runtime, t.connection)(
        'record',
        (db, p) =>
          db.insertInto('changeJournal').values({
            id: p('id'),
            tenantId: p('tenantId'),
            position: order.next(db),
            entity: p('entity'),
            extension: p('extension'),
            kind: p('kind'),
            ids: p('ids'),
            count: p('count'),
            origin: p('origin'),
            createdAt: p('now'),
          }),
        {
          id: t.newId(),
          tenantId: t.tenantId,
          entity: entity.extension?.base.name ?? entity.name,
          extension: entity.extension ? entity.name : null,
          kind,
          ids: rows.length > MOST_IDS ? [] : rows.map(({ id }) => id),
          count: rows.length,
          origin: t.origin,
          now: t.now(),
        },
      )
      hint(t)
    },
  }
}

function isWanted(names: ReadonlyMap<string, string>, { entity }: RegisteredEntity): boolean {
  return names.has(entity.extension?.base.name ?? entity.name) && entity.options.live !== false
}

/** Those who watch in this process need not wait for the next look. */
function hint({ runtime, hints }: InternalTx): void {
  if (runtime.live.isWatched) hints.add(runtime.live.wake)
}
