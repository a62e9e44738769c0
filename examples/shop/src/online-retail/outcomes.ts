import type { Shop } from '../shop.ts'
import { SOURCE } from './source.ts'

/** The instants of the first and the last row of a file. */
export interface FileSpan {
  readonly from: string
  readonly to: string
}

/**
 * What became of the rows, counted in the database: disjoint, so that they sum to the rows of the file.
 *
 * customerLines     lines of an order of somebody
 * guestLines        lines of an order of nobody in particular
 * refundsMatched    given back, and the order is known
 * refundsUnmatched  given back by a customer who had bought none, or had none left
 * refundsOfGuests   given back by nobody in particular
 * adjustments       bookkeeping of bad debt
 * stockCorrections  no sale: found, lost, damaged
 */
export type Outcome =
  | 'customerLines'
  | 'guestLines'
  | 'refundsMatched'
  | 'refundsUnmatched'
  | 'refundsOfGuests'
  | 'adjustments'
  | 'stockCorrections'

export type Outcomes = Readonly<Record<Outcome, number>>

/** Sums over purchase rows: a customer, a quantity and a price above zero. */
export interface Figures {
  readonly customers: number
  readonly orders: number
  /** Pounds. */
  readonly gross: number
}

export async function countOutcomes(shop: Shop, span: FileSpan): Promise<Outcomes> {
  return {
    ...(await countLines(shop, span)),
    ...(await countRefunds(shop, span)),
    stockCorrections: await countMovements(shop, span),
  }
}

export async function purchaseFigures(shop: Shop, { from, to }: FileSpan): Promise<Figures> {
  const { ctx } = shop.as()
  const query = ctx.db
    .selectFrom('orders')
    .innerJoin('orderLines', 'orderLines.orderId', 'orders.id')
    .where('orders.source', '=', SOURCE)
    .where('orders.placedAt', '>=', from)
    .where('orders.placedAt', '<=', to)
    .where('orders.customerId', 'is not', null)
    .where('orderLines.quantity', '>', 0)
    .where('orderLines.unitPrice', '>', 0)
    .select((eb) => [
      eb.fn.count<number>('orders.customerId').distinct().as('customers'),
      eb.fn.count<number>('orders.id').distinct().as('orders'),
      ctx.sql.as(eb.fn.sum<number | null>('orderLines.total'), 'integer', 'pence'),
    ])
  const [row] = await ctx.population.run(query)
  return { customers: row?.customers ?? 0, orders: row?.orders ?? 0, gross: (row?.pence ?? 0) / 100 }
}

type LineOutcome = 'customerLines' | 'guestLines'

async function countLines(shop: Shop, { from, to }: FileSpan): Promise<Pick<Outcomes, LineOutcome>> {
  const { ctx } = shop.as()
  const query = ctx.db
    .selectFrom('orders')
    .innerJoin('orderLines', 'orderLines.orderId', 'orders.id')
    .where('orders.source', '=', SOURCE)
    .where('orders.placedAt', '>=', from)
    .where('orders.placedAt', '<=', to)
    .select((eb) => [
      eb.fn.countAll<number>().as('lines'),
      eb.fn.count<number>('orders.customerId').as('customerLines'),
    ])
  const [{ lines, customerLines } = { lines: 0, customerLines: 0 }] = await ctx.population.run(query)
  return { customerLines, guestLines: lines - customerLines }
}

type RefundOutcome = 'refundsMatched' | 'refundsUnmatched' | 'refundsOfGuests' | 'adjustments'

async function countRefunds(shop: Shop, { from, to }: FileSpan): Promise<Pick<Outcomes, RefundOutcome>> {
  const { ctx } = shop.as()
  const query = ctx.db
    .selectFrom('refunds')
    .where('source', '=', SOURCE)
    .where('refundedAt', '>=', from)
    .where('refundedAt', '<=', to)
    .select((eb) => {
      const counted = (name: RefundOutcome, where: ReturnType<typeof eb.and>) =>
        eb.fn.countAll<number>().filterWhere(where).as(name)
      const isAdjustment = eb('reason', '=', 'adjustment')
      const unknownOrder = eb.and([eb.not(isAdjustment), eb('orderId', 'is', null)])
      return [
        counted('adjustments', eb.and([isAdjustment])),
        counted('refundsMatched', eb.and([eb.not(isAdjustment), eb('orderId', 'is not', null)])),
        counted('refundsUnmatched', eb.and([unknownOrder, eb('reason', '=', 'unmatched')])),
        counted('refundsOfGuests', eb.and([unknownOrder, eb('reason', '!=', 'unmatched')])),
      ]
    })
  const [row] = await ctx.population.run(query)
  return row ?? { refundsMatched: 0, refundsUnmatched: 0, refundsOfGuests: 0, adjustments: 0 }
}

async function countMovements(shop: Shop, { from, to }: FileSpan): Promise<number> {
  const { ctx } = shop.as()
  const query = ctx.db
    .selectFrom('stockMovements')
    .where('source', '=', SOURCE)
    .where('movedAt', '>=', from)
    .where('movedAt', '<=', to)
    .select((eb) => eb.fn.countAll<number>().as('count'))
  const [row] = await ctx.population.run(query)
  return row?.count ?? 0
}
