import { slicesOf, toTimestamp, type Timestamp, type Tx } from '@clientele/core'
import type { Decision } from '../membership/decide.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { wakeFor } from './wake-for.ts'

const WHY = 'timers follow from facts and conditions; nobody sets one by hand'

/** Rows in one statement. */
const ROWS = 500

/**
 * Makes sure that everybody is asked again no later than their answers may change. Who is asked too early answers what
 * they did before and waits on: a timer that has time left is only ever moved to an earlier instant. So what somebody does
 * again and again, which puts off when they leave, costs one more question in all and not a write each time.
 */
export async function keepTimers(
  t: Tx<AudienceTables>,
  decisions: readonly Decision[],
  customers: readonly string[],
): Promise<void> {
  const own = decisions.filter(({ definition }) => definition.timed || definition.segment.hasPins)
  if (own.length === 0) return
  const now = t.now()
  const known = await timersOf(t, customers)
  const stale = own.filter((one) => one.next === null && known.has(keyOf(one)))
  const set = own
    .flatMap((one) => (one.next === null ? [] : [{ key: keyOf(one), ...one, at: toTimestamp(one.next) }]))
    .filter(({ key, at }) => !isInTime(known.get(key)?.at, { now, at }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  await t.projection(WHY, async (db) => {
    for (const some of slicesOf(stale, ROWS))
      await db
        .deleteFrom('segmentTimers')
        .where((eb) =>
          t.sql.anyOf(
            eb.ref('id'),
            'uuid',
            some.map((one) => known.get(keyOf(one))!.id),
          ),
        )
        .execute()
    for (const some of slicesOf(set, ROWS)) {
      const rows = some.map(({ definition, customerId, at }) => ({
        ...{ id: t.newId(), version: 1, createdAt: now, updatedAt: now },
        ...{ segmentId: definition.segment.id, customerId, at },
      }))
      await db
        .insertInto('segmentTimers')
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(['segmentId', 'customerId'])
            .doUpdateSet((eb) => ({ at: eb.ref('excluded.at'), updatedAt: now })),
        )
        .execute()
    }
  })
  if (set.length > 0) await wakeFor(t, Math.min(...set.map(({ next }) => next!)))
}

interface Timer {
  readonly id: string
  readonly at: Timestamp
}

async function timersOf(
  t: Tx<AudienceTables>,
  customers: readonly string[],
): Promise<ReadonlyMap<string, Timer>> {
  const rows = await t.db
    .selectFrom('segmentTimers')
    .select(['id', 'segmentId', 'customerId', 'at'])
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', customers))
    .execute()
  return new Map(rows.map((row) => [`${row.segmentId}/${row.customerId}`, row]))
}

function keyOf({ definition, customerId }: Decision): string {
  return `${definition.segment.id}/${customerId}`
}

/** Whether the timer that stands has time left, and goes off no later than it has to. */
function isInTime(
  standing: Timestamp | undefined,
  { now, at }: { readonly now: Timestamp; readonly at: Timestamp },
): boolean {
  return standing !== undefined && standing > now && standing <= at
}
