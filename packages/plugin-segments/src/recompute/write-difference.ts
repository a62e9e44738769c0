import type { Among } from '@clientele/conditions'
import type { Tx } from '@clientele/core'
import { sql, type SelectQueryBuilder } from 'kysely'
import type { AudienceTables } from '../segments.tables.ts'

const WHY = 'memberships follow from facts and conditions; nobody writes one by hand'

/** Who is to be in a segment, of the customers in a range. */
export interface Difference {
  readonly segmentId: string
  readonly runId: string
  readonly range: Among
  // `any`: the subject's table is known only at run time.
  readonly members: SelectQueryBuilder<any, any, {}>
}

/** Makes the stays in a range those of the members, in two statements; answers how many came and went. */
export async function writeDifference(
  t: Tx<AudienceTables>,
  { segmentId, runId, range, members }: Difference,
): Promise<{ readonly entered: number; readonly left: number }> {
  const now = t.now()
  const ids = members.select('customers.id as id')
  const left = await t.projection(WHY, (db) => {
    let query = db
      .updateTable('memberships')
      .set((eb) => ({
        ...{ leftAt: now, leftBy: 'recompute' as const, leftWith: runId },
        ...{ updatedAt: now, version: eb('version', '+', 1) },
      }))
      .where('segmentId', '=', segmentId)
      .where('leftAt', 'is', null)
      .where((eb) => eb('customerId', 'not in', ids as never))
    if (range.after) query = query.where('customerId', '>', range.after)
    if (range.until) query = query.where('customerId', '<=', range.until)
    return query.executeTakeFirstOrThrow()
  })
  const entered = await t.projection(WHY, (db) =>
    db
      .insertInto('memberships')
      .columns([
        ...(['id', 'version', 'createdAt', 'updatedAt', 'segmentId', 'customerId'] as const),
        ...(['enteredAt', 'enteredBy', 'enteredWith'] as const),
      ])
      .expression(entrants(t, { segmentId, runId, range, members }))
      .executeTakeFirstOrThrow(),
  )
  return { entered: Number(entered.numInsertedOrUpdatedRows ?? 0n), left: Number(left.numUpdatedRows) }
}

/** Rows of those who are to be in it and are not. */
// `any`: the columns are those of the insert around it.
function entrants(t: Tx, { segmentId, runId, range, members }: Difference): any {
  const now = t.sql.value('timestamp', t.now())
  // PostgreSQL takes the table for as small as it once was: of the range alone, and looked up, that does no harm.
  let present = t.db
    .selectFrom('memberships')
    .select('memberships.id')
    .where('memberships.segmentId', '=', segmentId)
    .where('memberships.leftAt', 'is', null)
    .whereRef('memberships.customerId', '=', 'customers.id')
  if (range.after) present = present.where('memberships.customerId', '>', range.after)
  if (range.until) present = present.where('memberships.customerId', '<=', range.until)
  const number = sql<number>`row_number() over (order by ${sql.ref('customers.id')})`
  return members
    .where((eb) => t.sql.apart(eb.not(eb.exists(present))))
    .select([
      t.sql.numberedId(t.newId(), number).as('id'),
      sql<number>`1`.as('version'),
      sql`${now}`.as('createdAt'),
      sql`${now}`.as('updatedAt'),
      sql`${t.sql.value('uuid', segmentId)}`.as('segmentId'),
      'customers.id as customerId',
      sql`${now}`.as('enteredAt'),
      sql`${t.sql.value('text', 'recompute')}`.as('enteredBy'),
      sql`${t.sql.value('text', runId)}`.as('enteredWith'),
    ])
}
