import { slicesOf, type Tx } from '@clientele/core'
import type { AudienceTables } from '../segments.tables.ts'
import { keepTimers } from '../timer/keep-timers.ts'
import { currentMembers, type CurrentMembers } from './current-members.ts'
import type { Decision } from './decide.ts'
import type { MembershipCause } from './membership.entity.ts'

/** What is written down beside somebody's coming or going. */
export interface Because {
  readonly by: MembershipCause
  readonly with: string | null
}

/** A membership that came or went. */
export interface MembershipChange {
  readonly segmentId: string
  readonly customerId: string
  readonly entered: boolean
}

const WHY = 'memberships follow from facts and conditions; nobody writes one by hand'

/** Rows in one statement. */
const ROWS = 500

/**
 * Makes memberships and timers what was decided, set-wise; answers what has changed. The caller holds the customers'
 * locks, or the definitions' for itself.
 *
 * @param current of the segments and customers that were decided about, where the caller has it
 */
export async function keepDecisions(
  t: Tx<AudienceTables>,
  decisions: readonly Decision[],
  because: (decision: Decision) => Because,
  current?: CurrentMembers,
): Promise<MembershipChange[]> {
  if (decisions.length === 0) return []
  const segments = [...new Set(decisions.map(({ definition }) => definition.segment.id))]
  const customers = [...new Set(decisions.map(({ customerId }) => customerId))]
  const members = current ?? (await currentMembers(t, segments, customers))
  const isIn = ({ definition, customerId }: Decision): boolean =>
    members.get(definition.segment.id)!.has(customerId)
  const entered = decisions.filter((one) => one.member && !isIn(one))
  const left = decisions.filter((one) => !one.member && isIn(one))
  const stays = await staysOf(t, left)
  const leaving = left.map((one) => ({ id: stays.get(keyOf(one))!, because: because(one) }))
  await endStays(t, leaving)
  await beginStays(t, entered, because)
  await keepTimers(t, decisions, customers)
  return [...entered.map((one) => changeOf(one, true)), ...left.map((one) => changeOf(one, false))]
}

/** Ends all stays of customers who are gone, and forgets what they waited for. */
export async function endAll(
  t: Tx<AudienceTables>,
  customerIds: readonly string[],
  because: Because,
): Promise<MembershipChange[]> {
  const stays = await t.db
    .selectFrom('memberships')
    .select(['id', 'segmentId', 'customerId'])
    .where('leftAt', 'is', null)
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', customerIds))
    .execute()
  await endStays(
    t,
    stays.map(({ id }) => ({ id, because })),
  )
  await t.projection(WHY, (db) =>
    db
      .deleteFrom('segmentTimers')
      .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', customerIds))
      .execute(),
  )
  return stays.map(({ segmentId, customerId }) => ({ segmentId, customerId, entered: false }))
}

function keyOf({ definition, customerId }: Decision): string {
  return `${definition.segment.id}/${customerId}`
}

function changeOf({ definition, customerId }: Decision, entered: boolean): MembershipChange {
  return { segmentId: definition.segment.id, customerId, entered }
}

/** The ids of the stays that have not ended, by segment and customer. */
async function staysOf(
  t: Tx<AudienceTables>,
  left: readonly Decision[],
): Promise<ReadonlyMap<string, string>> {
  if (left.length === 0) return new Map()
  const customers = [...new Set(left.map(({ customerId }) => customerId))]
  const rows = await t.db
    .selectFrom('memberships')
    .select(['id', 'segmentId', 'customerId'])
    .where('leftAt', 'is', null)
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', customers))
    .execute()
  return new Map(rows.map((row) => [`${row.segmentId}/${row.customerId}`, row.id]))
}

async function endStays(
  t: Tx<AudienceTables>,
  stays: readonly { readonly id: string; readonly because: Because }[],
): Promise<void> {
  const now = t.now()
  // Mostly one cause for all: one statement.
  for (const alike of Map.groupBy(stays, ({ because }) => `${because.by} ${because.with}`).values()) {
    const { by, with: detail } = alike[0]!.because
    const ids = alike.map(({ id }) => id)
    await t.projection(WHY, (db) =>
      db
        .updateTable('memberships')
        .set((eb) => ({
          ...{ leftAt: now, leftBy: by, leftWith: detail },
          ...{ updatedAt: now, version: eb('version', '+', 1) },
        }))
        .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
        .execute(),
    )
  }
}

async function beginStays(
  t: Tx<AudienceTables>,
  decisions: readonly Decision[],
  because: (decision: Decision) => Because,
): Promise<void> {
  const now = t.now()
  // In the order of their keys, not as the database found them: one history, however it was asked.
  const ordered = decisions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  for (const some of slicesOf(ordered, ROWS)) {
    const rows = some.map((one) => {
      const { by, with: detail } = because(one)
      return {
        ...{ id: t.newId(), version: 1, createdAt: now, updatedAt: now },
        ...{ segmentId: one.definition.segment.id, customerId: one.customerId },
        ...{ enteredAt: now, enteredBy: by, enteredWith: detail },
      }
    })
    await t.projection(WHY, (db) => db.insertInto('memberships').values(rows).execute())
  }
}
