import {
  fromTimestamp,
  Keys,
  SearchCompact,
  SubjectRows,
  toTimestamp,
  type ErasedRows,
  type Tx,
} from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import { CustomersErased } from '../customers.events.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { normalEmail, normalPhone } from '../ingest/normal-contact.ts'
import { Merge, MergeMove } from '../merge/merge.entity.ts'
import { Suppressions, type Address } from '../suppression/suppression.service.ts'
import { EraseTraces, TRACES } from './erase-traces.ts'
import { Erasure } from './erasure.entity.ts'
import { knownBy, type KnownBy } from './person.ts'

/** How a person is erased. */
export interface ErasePerson {
  /** The customers of the person, the survivor first. */
  readonly ids: readonly [string, ...string[]]
  readonly reason: string
  readonly suppress: boolean
}

/** Erases the customers of a person; answers what became of how many rows. */
export async function erasePerson(
  t: Tx<CustomersTables>,
  { ids, reason, suppress }: ErasePerson,
): Promise<readonly ErasedRows[]> {
  const [personId] = ids
  const known = await knownBy(t, ids)
  if (suppress) await suppressAddresses(t, known)
  await forgetMerges(t, ids)
  const actor = { actorKind: t.actor.kind, actorId: t.actor.id }
  const counts: ErasedRows[] = []
  // Those that were merged first: the survivor is told of last.
  for (const customerId of ids.toReversed()) {
    const erased = (await t.get(SubjectRows).erase(t, Customer, customerId)).filter(({ rows }) => rows > 0)
    counts.push(...erased)
    const values = { personId, reason, ...actor, at: t.now(), counts: [...erased] }
    const before = await t.db
      .selectFrom('erasures')
      .select('id')
      .where('customerId', '=', customerId)
      .executeTakeFirst()
    if (before) await t.repo(Erasure).patch(before.id, values)
    else await t.repo(Erasure).insert({ customerId, ...values })
    if (await t.repo(Customer).find(customerId)) await t.repo(Customer).remove(customerId)
  }
  await t.emit(CustomersErased, { personId, customerIds: [...ids] })
  const sealed = t.get(Keys).seal(t, TRACES, JSON.stringify(known.values))
  // One for all erasures of a minute, once it is over.
  const runAt = toTimestamp(Math.ceil((fromTimestamp(t.now()) + 1) / 60_000) * 60_000)
  await t.enqueue(SearchCompact, {}, { runAt, dedupeKey: `erasures until ${runAt}` })
  await t.enqueue(EraseTraces, { customerIds: [...ids], sealed })
  return together(counts)
}

/** Nobody writes to an erased person by accident, such as after an import of an old list. */
async function suppressAddresses(t: Tx, { emails, phones }: KnownBy): Promise<void> {
  const addresses: Address[] = [
    ...emails.filter((email) => normalEmail(email) !== null).map((email) => ({ email })),
    ...phones.filter((phone) => normalPhone(phone) !== null).map((phone) => ({ phone })),
  ]
  for (const address of addresses)
    await t.get(Suppressions).add(t, address, { scope: 'marketing', reason: 'erasure' })
}

/** A merge of an erased person is never undone: what it would need holds what others may not. */
async function forgetMerges(t: Tx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const merges = await t.db
    .selectFrom('merges')
    .select('id')
    .where((eb) => eb.or([eb('survivorId', 'in', ids), eb('mergedId', 'in', ids)]))
    .execute()
  if (merges.length === 0) return
  const moves = await t.db
    .selectFrom('mergeMoves')
    .select('id')
    .where(
      'mergeId',
      'in',
      merges.map(({ id }) => id),
    )
    .execute()
  await t.repo(MergeMove).removeMany(moves.map(({ id }) => id))
  await t.repo(Merge).patchMany(merges.map(({ id }) => ({ id, changes: { reason: {}, profile: {} } })))
}

function together(counts: readonly ErasedRows[]): readonly ErasedRows[] {
  const byColumn = Map.groupBy(counts, ({ entity, column }) => `${entity}.${column}`)
  return [...byColumn.values()].map((of) => ({
    ...of[0]!,
    rows: of.reduce((sum, { rows }) => sum + rows, 0),
  }))
}
