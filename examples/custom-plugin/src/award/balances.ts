import type { Ctx } from '@clientele/core'

export interface Balance {
  readonly customerId: string
  readonly email: string | null
  readonly points: number
}

/** Customers with their points, those with most first; of one customer when asked so. */
export async function balances(
  ctx: Ctx,
  { customerId, limit }: { readonly customerId?: string | undefined; readonly limit: number },
): Promise<Balance[]> {
  const query = ctx.db
    .selectFrom('loyaltyAwards')
    .innerJoin('customers', 'customers.id', 'loyaltyAwards.customerId')
    .select(({ fn }) => [
      'customers.id as customerId',
      'customers.email',
      fn.sum<number | string>('loyaltyAwards.points').as('points'),
    ])
    .groupBy(['customers.id', 'customers.email'])
    .orderBy('points', 'desc')
    .orderBy('customerId')
    .limit(limit)
  const rows = await (customerId ? query.where('customers.id', '=', customerId) : query).execute()
  return rows.map(({ customerId: id, email, points }) => ({ customerId: id, email, points: Number(points) }))
}
