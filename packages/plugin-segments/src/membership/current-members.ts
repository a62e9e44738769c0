import { slicesOf, type Tx } from '@clientele/core'
import { sql } from 'kysely'
import type { AudienceTables } from '../segments.tables.ts'

/** Bits of a whole number that both databases hold. */
const BITS = 30

/** The customers who are in each segment that was asked about. */
export type CurrentMembers = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Which of these customers are in which of these segments. A row a customer, whose bits are the segments: the stays
 * themselves are far more rows. Found by customer alone: a database that went by the segments would walk all of their
 * members.
 */
export async function currentMembers(
  t: Tx<AudienceTables>,
  segments: readonly string[],
  customers: readonly string[],
): Promise<CurrentMembers> {
  const masks = [...slicesOf(segments, BITS)]
  const rows = await t.db
    .selectFrom('memberships')
    .select('customerId')
    .select((eb) =>
      masks.map((some, place) => {
        const cases = some.map((id, bit) => sql`when ${eb('segmentId', '=', id)} then ${sql.lit(2 ** bit)}`)
        const mask = sql<number>`cast(sum(case ${sql.join(cases, sql` `)} else 0 end) as integer)`
        return mask.as(`mask${place}`)
      }),
    )
    .where('leftAt', 'is', null)
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', customers))
    .groupBy('customerId')
    .execute()
  const members = new Map(segments.map((id) => [id, new Set<string>()]))
  for (const { customerId, ...found } of rows) {
    for (const [place, some] of masks.entries()) {
      const mask = (found as Record<string, number>)[`mask${place}`]!
      for (const [bit, id] of some.entries()) if (mask & (1 << bit)) members.get(id)!.add(customerId)
    }
  }
  return members
}
