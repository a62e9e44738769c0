import { coreErrors, defineService, lostRace, type Ctx, type Tx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { CustomerTag } from './tag.entity.ts'

/** Words to put on customers and to take off. What is named in both is taken off. */
export interface TagChanges {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

/** How many customers have a tag. */
export interface TagUse {
  readonly name: string
  readonly customers: number
}

/** Words on customers. */
export interface TagsService {
  /** The tags of a customer, by the alphabet. */
  of(ctx: Ctx, customerId: string): Promise<readonly string[]>
  /** All tags in use, by the alphabet. Looks at every tag of every customer, off the main thread. */
  all(ctx: Ctx): Promise<readonly TagUse[]>
  /**
   * Changes the tags of at most 1,000 customers; what they have already, or have not, is left as it is. Answers how many
   * tags were put on and taken off.
   * @throws `entity.not_found` for the first customer that is not there; nothing is changed then
   */
  change(
    t: Tx,
    customerIds: readonly string[],
    changes: TagChanges,
  ): Promise<{ readonly added: number; readonly removed: number }>
}

export const Tags = defineService<TagsService>('customers.tags')

export function createTagsService(): TagsService {
  return { of, all, change }
}

async function of(ctx: Ctx<CustomersTables>, customerId: string): Promise<readonly string[]> {
  const rows = await ctx.db
    .selectFrom('customerTags')
    .select('name')
    .where('customerId', '=', customerId)
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}

async function all(ctx: Ctx<CustomersTables>): Promise<readonly TagUse[]> {
  const query = ctx.db
    .selectFrom('customerTags')
    .innerJoin('customers', 'customers.id', 'customerTags.customerId')
    .select((eb) => ['customerTags.name as name', eb.fn.countAll<number>().as('customers')])
    .groupBy('customerTags.name')
    .orderBy('customerTags.name')
  return ctx.population.run<TagUse>(query)
}

async function change(
  t: Tx<CustomersTables>,
  given: readonly string[],
  { add = [], remove = [] }: TagChanges,
): Promise<{ readonly added: number; readonly removed: number }> {
  const customerIds = [...new Set(given)]
  const removing = [...new Set(remove)]
  const adding = [...new Set(add)].filter((name) => !removing.includes(name))
  if (customerIds.length === 0 || removing.length + adding.length === 0) return { added: 0, removed: 0 }
  await t.lock(Customer, customerIds)
  await requireThere(t, customerIds)
  const there = await t.db
    .selectFrom('customerTags')
    .select(['id', 'customerId', 'name'])
    .where('customerId', 'in', customerIds)
    .where('name', 'in', [...adding, ...removing])
    .execute()
  const gone = there.filter(({ name }) => removing.includes(name))
  const has = new Set(there.map(({ customerId, name }) => `${customerId} ${name}`))
  const fresh = customerIds.flatMap((customerId) =>
    adding.filter((name) => !has.has(`${customerId} ${name}`)).map((name) => ({ customerId, name })),
  )
  await t.repo(CustomerTag).removeMany(gone.map(({ id }) => id))
  try {
    if (fresh.length > 0) await t.repo(CustomerTag).insertMany(fresh)
  } catch (error) {
    throw lostRace(error)
  }
  return { added: fresh.length, removed: gone.length }
}

async function requireThere(t: Tx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const rows = await t.db.selectFrom('customers').select('id').where('id', 'in', ids).execute()
  const there = new Set(rows.map(({ id }) => id))
  const missing = ids.find((id) => !there.has(id))
  if (missing !== undefined) throw coreErrors['entity.not_found']({ entity: Customer.name, id: missing })
}
