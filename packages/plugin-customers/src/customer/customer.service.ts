import { defineService, type Ctx, type Tx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { refuseErased } from '../privacy/erased.ts'
import { CustomerDetails } from './customer-details.ts'
import { Customer, type CustomerChanges, type CustomerRow, type NewCustomer } from './customer.entity.ts'

/** A customer and what every installed plugin knows about them. */
export interface CustomerWithDetails {
  readonly customer: CustomerRow
  /** By the key of each section. */
  readonly sections: Readonly<Record<string, unknown>>
}

/** Customers for other plugins and for the host. */
export interface CustomersService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, id: string): Promise<CustomerRow>
  /** The oldest customer with that address, in any case, or null. */
  findByEmail(ctx: Ctx, email: string): Promise<CustomerRow | null>
  create(t: Tx, values: NewCustomer): Promise<CustomerRow>
  /** @throws `entity.not_found` */
  update(t: Tx, id: string, changes: CustomerChanges): Promise<CustomerRow>
  /**
   * Undoes a removal, for 30 days.
   * @throws `entity.not_found`, `customers.erased`, `customers.merged` for one that went into another: its merge can be
   * undone
   */
  restore(t: Tx, id: string): Promise<CustomerRow>
  /** The customer an id stands for by now: itself, or the one it was merged into. */
  resolve(ctx: Ctx, id: string): Promise<string>
  /**
   * Takes the customers' locks until the transaction ends, in id order. Whoever writes facts about a customer calls
   * this first, so that sums and memberships of two writers agree. Removed customers are locked too.
   */
  lock(t: Tx, ids: readonly string[]): Promise<void>
  /** @throws `entity.not_found` */
  details(ctx: Ctx, id: string): Promise<CustomerWithDetails>
}

/** The service: `ctx.get(Customers)`. */
export const Customers = defineService<CustomersService>('customers.customers')

export function createCustomersService(): CustomersService {
  return {
    get: (ctx, id) => ctx.repo(Customer).get(id),
    findByEmail,
    create: (t, values) => t.repo(Customer).insert(values),
    update: (t, id, changes) => t.repo(Customer).patch(id, changes),
    restore,
    resolve,
    lock: (t, ids) => t.lock(Customer, ids),
    details,
  }
}

async function findByEmail(ctx: Ctx<CustomersTables>, email: string): Promise<CustomerRow | null> {
  const found = await ctx.db
    .selectFrom('customers')
    .select('id')
    .where('email', '=', email.toLowerCase())
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return found ? ctx.repo(Customer).find(found.id) : null
}

async function restore(t: Tx<CustomersTables>, id: string): Promise<CustomerRow> {
  await refuseErased(t, [id])
  const merge = await mergeOf(t, id)
  if (merge)
    throw customersErrors['customers.merged']({ id, survivorId: merge.survivorId, mergeId: merge.id })
  return t.repo(Customer).restore(id)
}

async function resolve(ctx: Ctx<CustomersTables>, id: string): Promise<string> {
  const merge = await mergeOf(ctx, id)
  return merge ? resolve(ctx, merge.survivorId) : id
}

/** The merge in which a customer went into another, unless it was undone. */
function mergeOf(
  ctx: Ctx<CustomersTables>,
  id: string,
): Promise<{ readonly id: string; readonly survivorId: string } | undefined> {
  return ctx.db
    .selectFrom('merges')
    .select(['id', 'survivorId'])
    .where('mergedId', '=', id)
    .where('state', '=', 'done')
    .executeTakeFirst()
}

async function details(ctx: Ctx, id: string): Promise<CustomerWithDetails> {
  const customer = await ctx.repo(Customer).get(id)
  const sections: Record<string, unknown> = {}
  for (const section of ctx.extensions(CustomerDetails)) {
    sections[section.key] = section.schema.parse(await section.load(ctx, id))
  }
  return { customer, sections }
}
