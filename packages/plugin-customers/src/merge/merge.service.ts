import { defineService, SubjectRows, type MovedRows, type Timestamp, type Tx } from '@clientele/core'
import { Consents } from '../consent/consent.service.ts'
import { Customer, type CustomerChanges, type CustomerRow } from '../customer/customer.entity.ts'
import { customersErrors } from '../customers.errors.ts'
import { CustomersMerged, CustomersUnmerged } from '../customers.events.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { CustomerActivity } from '../event/event.entity.ts'
import type { Identifier } from '../identity/identity-rules.ts'
import { refuseErased } from '../privacy/erased.ts'
import { Merge, MergeMove, type MergeRow } from './merge.entity.ts'

/** Why two customers are one. */
export interface MergeReason {
  /** `identifiers`: an event carried identifiers of both. `person`: somebody decided. */
  readonly cause: MergeRow['cause']
  readonly identifiers?: readonly Identifier[]
}

/** Makes two customers one, and two again. */
export interface MergesService {
  /**
   * Lets everything of `mergedId` follow to `survivorId`, fills what the survivor lacks, and hides the other.
   * @throws `entity.not_found`, `customers.merge_self`
   */
  merge(t: Tx, survivorId: string, mergedId: string, reason: MergeReason): Promise<MergeRow>
  /**
   * Takes a merge back: the rows it moved return, the merged customer is there again as it was, and the survivor loses
   * what it was filled with and has not been changed since. What was written to the survivor after the merge stays.
   * @throws `entity.not_found`, `customers.merge_undone`, `customers.merge_followed`, `customers.erased`
   */
  undo(t: Tx, mergeId: string): Promise<MergeRow>
}

export const Merges = defineService<MergesService>('customers.merges')

/** Ids in one row of the ledger. */
const SLICE = 500

/** What a merge fills when the survivor has nothing there. */
const FILLED = ['firstName', 'lastName', 'email', 'phone', 'country', 'locale', 'timeZone'] as const

export function createMergesService(): MergesService {
  return { merge, undo }
}

async function merge(
  t: Tx<CustomersTables>,
  survivorId: string,
  mergedId: string,
  reason: MergeReason,
): Promise<MergeRow> {
  await t.lock(Customer, [survivorId, mergedId])
  const customers = t.repo(Customer)
  const [survivor, merged] = [await customers.get(survivorId), await customers.get(mergedId)]
  if (survivorId === mergedId) throw customersErrors['customers.merge_self']({ id: mergedId })
  const filled = missingOf(survivor, merged)
  await t.get(Consents).writeDown(t, [survivor, merged])
  const moved = await t.get(SubjectRows).move(t, Customer, { from: mergedId, to: survivorId })
  const row = await t.repo(Merge).insert({
    survivorId,
    mergedId,
    cause: reason.cause,
    reason: { identifiers: (reason.identifiers ?? []).map(({ type, value }) => ({ type, value })) },
    profile: changesOf(survivor, filled) as Record<string, never>,
  })
  const slices = moved.flatMap(inSlices)
  await t
    .repo(MergeMove)
    .insertMany(slices.map((rows, place) => ({ mergeId: row.id, place, rows: rows as unknown as Json })))
  await customers.remove(mergedId)
  if (Object.keys(filled).length > 0) await customers.patch(survivorId, filled)
  await countAgain(t, [survivorId])
  await t.emit(CustomersMerged, { mergeId: row.id, survivorId, mergedId })
  return row
}

async function undo(t: Tx<CustomersTables>, mergeId: string): Promise<MergeRow> {
  const row = await t.repo(Merge).get(mergeId)
  const { survivorId, mergedId } = row
  await t.lock(Customer, [survivorId, mergedId])
  await refuseErased(t, [survivorId, mergedId])
  const { state, profile } = await t.repo(Merge).get(mergeId)
  if (state === 'undone') throw customersErrors['customers.merge_undone']({ id: mergeId })
  await refuseFollowed(t, row)
  // Somebody may have restored it as any removed customer, without its rows.
  if (!(await isVisible(t, mergedId))) await t.repo(Customer).restore(mergedId, { within: 'ever' })
  const slices = await t.db
    .selectFrom('mergeMoves')
    .select('rows')
    .where('mergeId', '=', mergeId)
    .orderBy('place')
    .execute()
  const moved = slices.map(({ rows }) => rows as unknown as MovedRows)
  await t.get(SubjectRows).moveBack(t, moved, { to: mergedId, at: survivorId })
  const emptied = takenBack(await t.repo(Customer).get(survivorId), profile)
  if (Object.keys(emptied).length > 0) await t.repo(Customer).patch(survivorId, emptied)
  const undone = await t.repo(Merge).patch(mergeId, { state: 'undone', undoneAt: t.now() })
  await countAgain(t, [survivorId, mergedId])
  await t.emit(CustomersUnmerged, { mergeId, survivorId, mergedId })
  return undone
}

async function isVisible(t: Tx<CustomersTables>, id: string): Promise<boolean> {
  const row = await t.db.selectFrom('customers').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

type Json = Record<string, never>

/** What the survivor had and has, by column; traits by name. */
interface ProfileChanges {
  readonly columns?: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>
  readonly traits?: Readonly<Record<string, unknown>>
}

function missingOf(survivor: CustomerRow, merged: CustomerRow): CustomerChanges {
  const columns = FILLED.filter((name) => survivor[name] === null && merged[name] !== null)
  const traits = { ...merged.traits, ...survivor.traits }
  const isMore = Object.keys(traits).length > Object.keys(survivor.traits).length
  return {
    ...Object.fromEntries(columns.map((name) => [name, merged[name]])),
    ...(isMore ? { traits } : {}),
  }
}

function changesOf(survivor: CustomerRow, { traits, ...columns }: CustomerChanges): ProfileChanges {
  const added = Object.entries(traits ?? {}).filter(([name]) => !Object.hasOwn(survivor.traits, name))
  return {
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, after]) => [
        name,
        { before: survivor[name as keyof CustomerRow], after },
      ]),
    ),
    traits: Object.fromEntries(added),
  }
}

/** What was filled and is still as the merge left it. */
function takenBack(survivor: CustomerRow, { columns = {}, traits = {} }: ProfileChanges): CustomerChanges {
  const back = Object.entries(columns).filter(
    ([name, { after }]) => survivor[name as keyof CustomerRow] === after,
  )
  const gone = Object.entries(traits).filter(
    ([name, value]) => JSON.stringify(survivor.traits[name]) === JSON.stringify(value),
  )
  const left = Object.entries(survivor.traits).filter(([name]) => !gone.some(([other]) => other === name))
  return {
    ...Object.fromEntries(back.map(([name, { before }]) => [name, before])),
    ...(gone.length > 0 ? { traits: Object.fromEntries(left) } : {}),
  }
}

function inSlices({ entity, column, ids, removed }: MovedRows): MovedRows[] {
  const slices: MovedRows[] = removed.length > 0 ? [{ entity, column, ids: [], removed }] : []
  for (let from = 0; from < ids.length; from += SLICE) {
    slices.push({ entity, column, ids: ids.slice(from, from + SLICE), removed: [] })
  }
  return slices
}

async function refuseFollowed(t: Tx<CustomersTables>, { id, survivorId }: MergeRow): Promise<void> {
  const next = await t.db
    .selectFrom('merges')
    .select('id')
    .where('mergedId', '=', survivorId)
    .where('state', '=', 'done')
    .executeTakeFirst()
  if (next) throw customersErrors['customers.merge_followed']({ id, survivorId, mergeId: next.id })
}

/** First and last seen and the number of events, from the events themselves. */
async function countAgain(t: Tx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const counted = await t.db
    .selectFrom('events')
    .select((eb) => [
      'customerId',
      eb.fn.countAll<number>().as('eventCount'),
      eb.fn.min<Timestamp>('occurredAt').as('firstSeenAt'),
      eb.fn.max<Timestamp>('occurredAt').as('lastSeenAt'),
    ])
    .where('customerId', 'in', ids)
    .groupBy('customerId')
    .execute()
  for (const id of ids) {
    const { eventCount, firstSeenAt, lastSeenAt } = counted.find((one) => one.customerId === id) ?? NOTHING
    await t.repo(CustomerActivity).patch(id, { eventCount, firstSeenAt, lastSeenAt })
  }
}

const NOTHING = { eventCount: 0, firstSeenAt: null, lastSeenAt: null }
