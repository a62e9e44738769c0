import type { Ctx } from '@clientele/core'
import { Customer, type CustomerRow } from '../customer/customer.entity.ts'
import { Customers } from '../customer/customer.service.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { refuseErased } from './erased.ts'

/**
 * All customers that are one person: whom an id stands for by now comes first, then those that were merged into them.
 * Removed customers are found too.
 * @throws `entity.not_found`, `customers.erased`
 */
export async function personOf(
  ctx: Ctx<CustomersTables>,
  id: string,
): Promise<readonly [string, ...string[]]> {
  const survivor = await ctx.get(Customers).resolve(ctx, id)
  await refuseErased(ctx, [survivor])
  const there = await ctx.dbWithRemoved
    .selectFrom('customers')
    .select('id')
    .where('id', '=', survivor)
    .executeTakeFirst()
  if (!there) await ctx.repo(Customer).get(survivor)
  const merged: string[] = []
  for (let last: readonly string[] = [survivor]; last.length > 0;) {
    const rows = await ctx.db
      .selectFrom('merges')
      .select('mergedId')
      .where('survivorId', 'in', last)
      .where('state', '=', 'done')
      .orderBy('id')
      .execute()
    last = rows.map((row) => row.mergedId)
    merged.push(...last)
  }
  return [survivor, ...new Set(merged)]
}

/** What a person was known by, before it is gone. */
export interface KnownBy {
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  /** All of it, and ids of other systems. */
  readonly values: readonly string[]
}

export async function knownBy(ctx: Ctx<CustomersTables>, ids: readonly string[]): Promise<KnownBy> {
  const customers = (await ctx.dbWithRemoved
    .selectFrom('customers')
    .select(['email', 'phone', 'externalId'])
    .where('id', 'in', ids)
    .execute()) as Pick<CustomerRow, 'email' | 'phone' | 'externalId'>[]
  const identities = await ctx.db
    .selectFrom('identities')
    .select(['type', 'value'])
    .where('customerId', 'in', ids)
    .execute()
  const ofType = (type: string): string[] =>
    identities.filter((one) => one.type === type).map((one) => one.value)
  const unique = (values: readonly (string | null)[]): string[] => [
    ...new Set(values.filter((value) => value !== null)),
  ]
  const emails = unique([...customers.map(({ email }) => email), ...ofType('email')])
  const phones = unique([...customers.map(({ phone }) => phone), ...ofType('phone')])
  const others = [...customers.map(({ externalId }) => externalId), ...identities.map(({ value }) => value)]
  return { emails, phones, values: unique([...emails, ...phones, ...others]) }
}
