import { touchFacts } from '@clientele/conditions'
import { defineService, TenantSettings, type Ctx, type Tx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { sql, type Expression, type RawBuilder } from 'kysely'
import { COUNTED_STATES } from '../order/order-state.ts'
import type { Tier } from '../orders.options.ts'
import type { CommerceTables } from '../orders.tables.ts'
import type { CustomerFigures } from './customer-figures.ts'
import { CustomerMetrics } from './customer-metrics.entity.ts'

/** Customers' metrics for other plugins and for the host. */
export interface MetricsService {
  /** @throws `entity.not_found` */
  of(ctx: Ctx, customerId: string): Promise<CustomerFigures>
  /**
   * Makes the metrics of these customers what their orders and refunds say now, by one statement. Call it with the
   * customers locked (`Customers.lock`), in the transaction that changed the orders.
   */
  refresh(t: Tx, customerIds: readonly string[]): Promise<void>
}

/** The service: `ctx.get(Metrics)`. */
export const Metrics = defineService<MetricsService>('orders.metrics')

const DAY_MS = 24 * 60 * 60 * 1000

export function createMetricsService(tiers: readonly Tier[]): MetricsService {
  return { of, refresh: (t, customerIds) => refresh(t, customerIds, tiers) }
}

async function of(ctx: Ctx, customerId: string): Promise<CustomerFigures> {
  await ctx.repo(Customer).get(customerId)
  const {
    id: _id,
    version: _version,
    createdAt: _c,
    updatedAt: _u,
    ...figures
  } = await ctx.repo(CustomerMetrics).get(customerId)
  const { currency } = await ctx.settings(TenantSettings)
  const since = figures.lastOrderAt && Date.parse(ctx.now()) - Date.parse(figures.lastOrderAt)
  const recencyDays = typeof since === 'number' ? Math.max(0, Math.floor(since / DAY_MS)) : null
  return { customerId, currency, ...figures, recencyDays }
}

// Recomputed from the customer's rows rather than added to: there is no order of events in which it drifts.
async function refresh(
  t: Tx<CommerceTables>,
  customerIds: readonly string[],
  tiers: readonly Tier[],
): Promise<void> {
  if (customerIds.length === 0) return
  const ids = [...new Set(customerIds)]
  touchFacts(t, ids, ['customerMetrics.*'])
  await t.projection('customer metrics are sums over orders and refunds', async (db) => {
    const bought = db
      .selectFrom('orders')
      .where('state', 'in', COUNTED_STATES)
      .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
      .groupBy('customerId')
      .select((eb) => [
        'customerId',
        eb.fn.countAll<number>().as('orderCount'),
        bigint(eb.fn.sum<number>('baseTotal')).as('gross'),
        bigint(eb.fn.sum<number>('refundedTotal')).as('refunded'),
        eb.fn.min('placedAt').as('firstOrderAt'),
        eb.fn.max('placedAt').as('lastOrderAt'),
      ])
    const unmatched = db
      .selectFrom('refunds')
      .where('orderId', 'is', null)
      .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
      .groupBy('customerId')
      .select((eb) => ['customerId', bigint(eb.fn.sum<number>('baseAmount')).as('refunded')])
    const sums = db
      .selectFrom('customerMetrics as own')
      .leftJoin(bought.as('bought'), 'bought.customerId', 'own.id')
      .leftJoin(unmatched.as('unmatched'), 'unmatched.customerId', 'own.id')
      .where((eb) => t.sql.anyOf(eb.ref('own.id'), 'uuid', ids))
      .select((eb) => [
        'own.id as customerId',
        eb.fn.coalesce('bought.orderCount', eb.lit(0)).as('orderCount'),
        eb.fn.coalesce('bought.gross', eb.lit(0)).as('gross'),
        sql<number>`coalesce(${eb.ref('bought.gross')}, 0) - coalesce(${eb.ref('bought.refunded')}, 0) - coalesce(${eb.ref('unmatched.refunded')}, 0)`.as(
          'spend',
        ),
        'bought.firstOrderAt',
        'bought.lastOrderAt',
      ])
    await db
      .updateTable('customerMetrics')
      .from(sums.as('sums'))
      .whereRef('sums.customerId', '=', 'customerMetrics.id')
      .set((eb) => ({
        orderCount: eb.ref('sums.orderCount'),
        grossSpend: exact(eb.ref('sums.gross')),
        totalSpend: exact(eb.ref('sums.spend')),
        // Integer division, half rounded up, the same on every database.
        averageOrderValue: sql<number>`case when ${eb.ref('sums.orderCount')} = 0 then 0 else (2 * ${eb.ref('sums.gross')} + ${eb.ref('sums.orderCount')}) / (2 * ${eb.ref('sums.orderCount')}) end`,
        firstOrderAt: eb.ref('sums.firstOrderAt'),
        lastOrderAt: eb.ref('sums.lastOrderAt'),
        tier: tierOf(eb.ref('sums.orderCount'), eb.ref('sums.spend'), tiers),
        version: eb('customerMetrics.version', '+', 1),
        updatedAt: t.now(),
      }))
      .execute()
  })
}

function tierOf(
  orderCount: Expression<unknown>,
  spend: Expression<unknown>,
  tiers: readonly Tier[],
): RawBuilder<string | null> {
  const highestFirst = tiers.toSorted((a, b) => b.minSpend - a.minSpend)
  const reached = highestFirst.map((tier) => sql`when ${spend} >= ${tier.minSpend} then ${tier.name}`)
  return sql`case when ${orderCount} = 0 then null ${sql.join(reached, sql` `)} end`
}

// A sum past what a number holds exactly would make its customer unreadable.
function exact(sum: Expression<unknown>): RawBuilder<number> {
  const most = sql.lit(Number.MAX_SAFE_INTEGER)
  const least = sql.lit(Number.MIN_SAFE_INTEGER)
  return sql`case when ${sum} > ${most} then ${most} when ${sum} < ${least} then ${least} else ${sum} end`
}

// PostgreSQL sums whole numbers as `numeric`, whose division is not a whole one.
function bigint(sum: Expression<unknown>): RawBuilder<number> {
  return sql`cast(${sum} as bigint)`
}
