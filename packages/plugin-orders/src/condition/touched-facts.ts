import { areFactsHeard, touchFacts } from '@clientele/conditions'
import {
  defineJob,
  handleJob,
  onChange,
  uuidSchema,
  type Change,
  type ChangeSubscriber,
  type Ctx,
  type JobHandler,
  type Tx,
} from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { Product } from '@clientele/plugin-inventory'
import * as z from 'zod'
import { Order } from '../order/order.entity.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { Refund } from '../refund/refund.entity.ts'

/** Says that orders of these customers, whose locks are held, are other ones now. */
export function touchOrders(t: Tx, customerIds: Iterable<string>): void {
  touchFacts(t, customerIds, ['orders.*'])
}

/** A writer of orders and refunds holds the locks of their customers. */
const orderFacts = onChange(Order, 'orders.facts', (changes, t) => touchOrders(t, ownersOf(changes)))

const refundFacts = onChange(Refund, 'orders.refund-facts', async (changes, t) => {
  if (areFactsHeard(t))
    touchFacts(t, [...ownersOf(changes), ...(await ownersOfOrders(t, changes))], ['refunds.*'])
})

/** Buyers may be many: they are told in slices, by a job that commits with the change. */
const productFacts = onChange(Product, 'orders.product-facts', async (changes, t) => {
  if (!areFactsHeard(t)) return
  for (const { kind, columns, id } of changes)
    if (kind === 'patch' && columns.includes('category')) await t.enqueue(TouchBuyers, { productId: id })
})

export const factSubscribers: readonly ChangeSubscriber[] = [orderFacts, refundFacts, productFacts]

const TouchBuyers = defineJob('orders.touchBuyers', z.object({ productId: uuidSchema }))

/** Customers of one transaction. */
const SLICE = 500

/** A product is in another category: what its buyers have bought is asked anew. */
export const touchBuyers: JobHandler = handleJob(TouchBuyers, async ({ productId }, ctx) => {
  let after: string | undefined
  do {
    const ids = await buyersOf(ctx, productId, after)
    await ctx.tx(async (t) => {
      await t.lock(Customer, ids)
      touchFacts(t, ids, ['products.category'])
    })
    after = ids.length === SLICE ? ids.at(-1) : undefined
  } while (after !== undefined)
})

async function buyersOf(
  ctx: Ctx<CommerceTables>,
  productId: string,
  after: string | undefined,
): Promise<string[]> {
  const query = ctx.db
    .selectFrom('orderLines')
    .innerJoin('orders', 'orders.id', 'orderLines.orderId')
    .where('orderLines.productId', '=', productId)
    .where('orders.customerId', 'is not', null)
    .select('orders.customerId as id')
    .distinct()
    .orderBy('orders.customerId')
    .limit(SLICE)
  const rows = await ctx.population.run(
    after === undefined ? query : query.where('orders.customerId', '>', after),
  )
  return rows.map((row) => row.id as string)
}

function ownersOf(changes: readonly Change<typeof Order | typeof Refund>[]): string[] {
  return changes.flatMap(({ before, after }) =>
    [before?.customerId, after?.customerId].filter((id) => typeof id === 'string'),
  )
}

/** A refund belongs to whoever placed its order. */
async function ownersOfOrders(
  t: Tx<CommerceTables>,
  changes: readonly Change<typeof Refund>[],
): Promise<string[]> {
  const orderIds = changes.flatMap(({ before, after }) => [before?.orderId, after?.orderId])
  const known = [...new Set(orderIds)].filter((id) => typeof id === 'string')
  if (known.length === 0) return []
  const rows = await t.db
    .selectFrom('orders')
    .select('customerId')
    .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', known))
    .execute()
  return rows.flatMap((row) => row.customerId ?? [])
}
