import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { toTimestamp, type Timestamp } from '../ports/clock.ts'
import { FIRST_ID } from './change-journal.entity.ts'
import { commitOrder } from './commit-order.ts'
import { journalStatements, type RunJournalStatement } from './journal.ts'

/** How long the journal keeps what was written: 24 hours. */
export const JOURNAL_KEPT_MS = 86_400_000

/**
 * Removes rows older than 24 hours and answers how many. From the beginning only, never behind a younger row, and never
 * the last one, from which positions are counted on. In transactions of 2,000 rows, so that other writers have room.
 */
export async function purgeJournal(runtime: Runtime, signal?: AbortSignal): Promise<number> {
  const before = toTimestamp(runtime.clock.now() - JOURNAL_KEPT_MS)
  for (let removed = 0; ;) {
    const slice = await inTransaction(runtime, (run) => removeOldest(runtime, run, before))
    removed += slice
    if (slice < SLICE || signal?.aborted) return removed
  }
}

/**
 * Removes rows whose positions this database has not reached: they came with a dump of another one, and would hide
 * what is written from now on. Done at every start, before anything is written.
 */
export async function removeForeignPositions(runtime: Runtime): Promise<void> {
  if (!runtime.storage.capabilities.concurrentWriters) return
  const order = commitOrder(runtime.storage)
  const removed = await inTransaction(runtime, async (run) => {
    const rows = await run('removeForeign', (db) =>
      db
        .deleteFrom('changeJournal')
        .where((eb) => order.isForeign(eb.ref('position')))
        .returning('id'),
    )
    if (rows.length > 0) await beginAnew(runtime, run)
    return rows.length
  })
  if (removed > 0)
    runtime.logger.warn(
      { removed },
      'the journal came from another database; live clients read everything again',
    )
}

const SLICE = 2_000

function inTransaction<T>(runtime: Runtime, work: (run: RunJournalStatement) => Promise<T>): Promise<T> {
  return runtime.storage.write({ tenantId: WHOLE_INSTANCE }, (connection) =>
    work(journalStatements(runtime, connection)),
  )
}

async function removeOldest(
  { storage }: Runtime,
  run: RunJournalStatement,
  before: Timestamp,
): Promise<number> {
  const order = commitOrder(storage)
  const oldest = await run('oldest', (db) =>
    db
      .selectFrom('changeJournal')
      .select(['position', 'id', 'createdAt'])
      .where((eb) => order.isSettled(eb.ref('position')))
      .orderBy('position')
      .orderBy('id')
      .limit(SLICE + 1),
  )
  const young = oldest.findIndex(({ createdAt }) => createdAt >= before)
  const first = oldest[young === -1 ? oldest.length - 1 : young]
  if (!first || first === oldest[0]) return 0
  const gone = await run(
    'purge',
    (db, p) =>
      db
        .deleteFrom('changeJournal')
        .where('position', '<=', p('position'))
        .where((eb) => eb.or([eb('position', '<', p('position')), eb('id', '<', p('id'))]))
        .returning('id'),
    { position: first.position, id: first.id },
  )
  return gone.length
}

/** Where nothing is left there must still be a position before the next change. */
async function beginAnew({ clock }: Runtime, run: RunJournalStatement): Promise<void> {
  const [left] = await run('left', (db) => db.selectFrom('changeJournal').select('id').limit(1))
  if (left) return
  await run(
    'begin',
    (db, p) =>
      db.insertInto('changeJournal').values({
        id: FIRST_ID,
        tenantId: WHOLE_INSTANCE,
        position: 0,
        entity: '',
        kind: 'insert',
        ids: p('ids'),
        count: 0,
        origin: 'live',
        createdAt: p('now'),
      }),
    { ids: [], now: toTimestamp(clock.now()) },
  )
}
