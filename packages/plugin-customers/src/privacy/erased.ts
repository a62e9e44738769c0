import type { Ctx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'

/** @throws `customers.erased` */
export async function refuseErased(ctx: Ctx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const erased = await ctx.db
    .selectFrom('erasures')
    .select(['customerId', 'at'])
    .where('customerId', 'in', ids)
    .executeTakeFirst()
  if (erased) throw customersErrors['customers.erased']({ id: erased.customerId, at: erased.at })
}
