import type { Ctx, ListFilter } from '@clientele/core'
import type { CommerceTables } from '../orders.tables.ts'

/** A shared address belongs to a household, not to a crowd. */
const MOST_CUSTOMERS = 100

/** The filter for orders of the customers with that email address, in any case. */
export async function ordersOfEmail(ctx: Ctx<CommerceTables>, email: string): Promise<ListFilter> {
  const customers = await ctx.db
    .selectFrom('customers')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .limit(MOST_CUSTOMERS)
    .execute()
  return { field: 'customerId', operator: 'in', value: customers.map((customer) => customer.id) }
}
