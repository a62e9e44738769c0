import { defineService, type Ctx, type ErasedRows, type Tx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { Merges } from '../merge/merge.service.ts'
import { erasePerson } from './erase-person.ts'
import { exportPerson } from './export-person.ts'
import { personOf } from './person.ts'

/** Why somebody is erased, and what stays. */
export interface EraseOptions {
  /** Lower-case: `request`, `retention`. No personal data: it is kept. @default 'request' */
  readonly reason?: string
  /** Keeps hashes of their addresses, so that nobody sends them marketing again. @default true */
  readonly suppress?: boolean
}

/** What an erasure did. */
export interface ErasedPerson {
  /** The customer, and all that were merged into them. */
  readonly customerIds: readonly string[]
  /** What became of how many rows, of all plugins. */
  readonly counts: readonly ErasedRows[]
}

/** What a person may ask for: everything about them, and nothing about them any more. */
export interface PrivacyService {
  /**
   * Everything that is kept about a person over all plugins, also what was removed, as pieces of a JSON document:
   * `{ customerId, customerIds, exportedAt, rows: [{ entity, row }] }`. An id that was merged stands for the survivor.
   * @throws `entity.not_found`, `customers.erased`
   */
  exportCustomer(ctx: Ctx, id: string): Promise<AsyncIterable<string>>
  /**
   * Erases a person for good: the customer and all that were merged into them, in every plugin as its references say.
   * What may tell of them without their id (rejected events, rows of imports) is removed by a job.
   * @throws `entity.not_found`, `customers.erased`
   */
  eraseCustomer(t: Tx, id: string, options?: EraseOptions): Promise<ErasedPerson>
  /**
   * Erases again who came back with a restored backup; answers how many customers. Without a list, those whom this
   * database itself knows as erased; give the list that was kept outside of it.
   */
  replayErasures(ctx: Ctx, erasures?: readonly { readonly customerId: string }[]): Promise<number>
}

export const Privacy = defineService<PrivacyService>('customers.privacy')

export function createPrivacyService(): PrivacyService {
  return {
    exportCustomer: async (ctx, id) => exportPerson(ctx, await personOf(ctx, id)),
    eraseCustomer,
    replayErasures,
  }
}

async function eraseCustomer(
  t: Tx,
  id: string,
  { reason = 'request', suppress = true }: EraseOptions = {},
): Promise<ErasedPerson> {
  await t.lock(Customer, await personOf(t, id))
  // Somebody may have been merged into them while we waited.
  const ids = await personOf(t, id)
  await t.lock(Customer, ids)
  return { customerIds: ids, counts: await erasePerson(t, { ids, reason, suppress }) }
}

async function replayErasures(
  ctx: Ctx<CustomersTables>,
  erasures?: readonly { readonly customerId: string }[],
): Promise<number> {
  const ids = erasures ? erasures.map(({ customerId }) => customerId) : await comeBack(ctx)
  const listed = new Set(ids)
  let erased = 0
  for (const id of listed) erased += (await ctx.tx((t) => eraseAgain(t, id, listed))) ? 1 : 0
  return erased
}

/** Those who are visible though they were erased. */
async function comeBack(ctx: Ctx<CustomersTables>): Promise<string[]> {
  const rows = await ctx.population.run(
    ctx.db
      .selectFrom('erasures')
      .innerJoin('customers', 'customers.id', 'erasures.customerId')
      .select('erasures.customerId'),
  )
  return rows.map(({ customerId }) => customerId)
}

/** One customer and nobody else: who belonged together may have been somebody else's in the backup. */
async function eraseAgain(t: Tx<CustomersTables>, id: string, listed: ReadonlySet<string>): Promise<boolean> {
  await t.lock(Customer, [id])
  const row = await t.dbWithRemoved
    .selectFrom('customers')
    .select('deletedAt')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return false
  const erasure = await t.db
    .selectFrom('erasures')
    .select('id')
    .where('customerId', '=', id)
    .executeTakeFirst()
  if (erasure && row.deletedAt !== null) return false
  const merge = await t.db
    .selectFrom('merges')
    .select(['id', 'survivorId'])
    .where('mergedId', '=', id)
    .where('state', '=', 'done')
    .executeTakeFirst()
  // In the backup their rows are with somebody who stays.
  if (merge && !erasure && !listed.has(merge.survivorId)) await t.get(Merges).undo(t, merge.id)
  await erasePerson(t, { ids: [id], reason: 'replay', suppress: true })
  return true
}
