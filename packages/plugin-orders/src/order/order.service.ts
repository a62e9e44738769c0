import {
  defineService,
  moneyConverter,
  TenantSettings,
  toTimestamp,
  type Ctx,
  type Tx,
} from '@clientele/core'
import { Customer, Customers } from '@clientele/plugin-customers'
import { Metrics } from '../customer-metrics/customer-metrics.service.ts'
import { ordersErrors } from '../orders.errors.ts'
import { OrderCancelled, OrderFulfilled, OrderPaid, OrderPlaced } from '../orders.events.ts'
import type { OrdersConfig } from '../orders.options.ts'
import type { CommerceTables } from '../orders.tables.ts'
import type { RefundReason } from '../refund/refund-reason.ts'
import { Refund, type RefundRow } from '../refund/refund.entity.ts'
import type { NewRefund } from '../refund/new-refund.ts'
import { refundOrder, refundRest } from '../refund/refund.service.ts'
import { importOrders, type ImportedOrders, type OrderBatch } from './order-import.ts'
import type { NewOrder } from './new-order.ts'
import { refuseTooLarge } from './largest-amount.ts'
import { priceLines } from './order-lines.ts'
import { nextOrderNumber } from './order-number.ts'
import { isCounted, NEXT_STATES, ORDER_STATES, type OrderState } from './order-state.ts'
import { Order, OrderLine, type OrderLineRow, type OrderRow } from './order.entity.ts'

/** An order with what belongs to it. */
export interface OrderDetails {
  readonly order: OrderRow
  readonly lines: OrderLineRow[]
  readonly refunds: RefundRow[]
  readonly customer: {
    readonly id: string
    readonly firstName: string | null
    readonly lastName: string | null
    readonly email: string | null
  } | null
}

/**
 * Orders and their states. Whatever changes an order locks its customer, then the order, and leaves the customer's
 * metrics exact in the same transaction.
 */
export interface OrdersService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, id: string): Promise<OrderDetails>
  /** @throws `orders.unknown_number` */
  byNumber(ctx: Ctx, number: string): Promise<OrderDetails>
  /** How many orders there are in each state. */
  countByState(ctx: Ctx): Promise<Readonly<Record<OrderState, number>>>
  /**
   * @throws `entity.not_found`, `entity.conflict` when the number is taken, `orders.incomplete_line`,
   * `orders.amount_too_large`
   */
  create(t: Tx, order: NewOrder): Promise<OrderDetails>
  /** @throws `orders.wrong_state` */
  pay(t: Tx, id: string): Promise<OrderRow>
  /** @throws `orders.wrong_state` */
  fulfil(t: Tx, id: string): Promise<OrderRow>
  /** Gives up an order; what was paid and not yet given back is refunded. @throws `orders.wrong_state` */
  cancel(t: Tx, id: string, reason?: RefundReason): Promise<OrderRow>
  /** @throws `orders.not_paid`, `orders.refund_too_large`, `orders.foreign_currency` */
  refund(t: Tx, orderId: string, refund: NewRefund): Promise<RefundRow>
  /**
   * Carries over orders and refunds of another system, set-wise: some thousand lines per call. An order given again
   * is made what it is there; a batch given again changes nothing.
   * @throws `entity.reference` for an unknown customer, `orders.unknown_order` for a refund's unknown order
   */
  importMany(t: Tx, batch: OrderBatch): Promise<ImportedOrders>
}

/** The service: `ctx.get(Orders)`. */
export const Orders = defineService<OrdersService>('orders.orders')

export function createOrdersService(config: OrdersConfig): OrdersService {
  return {
    get,
    byNumber,
    countByState,
    create: (t, order) => create(t, order, config),
    pay: (t, id) => changeState(t, id, 'paid'),
    fulfil: (t, id) => changeState(t, id, 'fulfilled'),
    cancel: (t, id, reason = 'requested') => changeState(t, id, 'cancelled', reason),
    refund: async (t, orderId, refund) => refundOrder(t, await lockOrder(t, orderId), refund),
    importMany: importOrders,
  }
}

async function get(ctx: Ctx<CommerceTables>, id: string): Promise<OrderDetails> {
  const order = await ctx.repo(Order).get(id)
  const customer = order.customerId === null ? null : await ctx.repo(Customer).find(order.customerId)
  const lines = await ctx.db
    .selectFrom('orderLines')
    .select('id')
    .where('orderId', '=', id)
    .orderBy('lineNumber')
    .execute()
  const refunds = await ctx.db
    .selectFrom('refunds')
    .select('id')
    .where('orderId', '=', id)
    .orderBy('id')
    .execute()
  return {
    order,
    lines: await ctx.repo(OrderLine).getMany(lines.map((line) => line.id)),
    refunds: await ctx.repo(Refund).getMany(refunds.map((refund) => refund.id)),
    customer,
  }
}

async function byNumber(ctx: Ctx<CommerceTables>, number: string): Promise<OrderDetails> {
  const found = await ctx.db.selectFrom('orders').select('id').where('number', '=', number).executeTakeFirst()
  if (!found) throw ordersErrors['orders.unknown_number']({ number })
  return get(ctx, found.id)
}

async function countByState(ctx: Ctx<CommerceTables>): Promise<Record<OrderState, number>> {
  const query = ctx.db
    .selectFrom('orders')
    .groupBy('state')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
  const counts = new Map((await ctx.population.run(query)).map((row) => [row.state, row.count]))
  return Object.fromEntries(ORDER_STATES.map((state) => [state, counts.get(state) ?? 0])) as Record<
    OrderState,
    number
  >
}

async function create(t: Tx, input: NewOrder, { firstNumber }: OrdersConfig): Promise<OrderDetails> {
  const customerId = input.customerId ?? null
  if (customerId !== null) {
    await t.get(Customers).lock(t, [customerId])
    await t.get(Customers).get(t, customerId)
  }
  const settings = await t.settings(TenantSettings)
  const currency = input.currency ?? settings.currency
  const placedAt = toTimestamp(
    input.placedAt === undefined ? Date.parse(t.now()) : Date.parse(input.placedAt),
  )
  const lines = await priceLines(t, input.lines, currency)
  const toBase = await moneyConverter(t, currency, settings.currency, placedAt)
  const total = lines.reduce((sum, line) => sum + line.total.amount, 0)
  refuseTooLarge(total, ...[total, ...lines.map((line) => line.total.amount)].map(toBase))
  const state = input.state ?? 'pending'
  const order = await t.repo(Order).insert({
    number: input.number ?? (await nextOrderNumber(t, firstNumber)),
    customerId,
    state,
    placedAt,
    paidAt: state === 'pending' ? null : placedAt,
    fulfilledAt: state === 'fulfilled' ? placedAt : null,
    total: { amount: total, currency },
    baseTotal: toBase(total),
    itemCount: lines.reduce((sum, line) => sum + line.quantity, 0),
    country: input.country ?? null,
  })
  await t
    .repo(OrderLine)
    .insertMany(lines.map((line) => ({ ...line, orderId: order.id, baseTotal: toBase(line.total.amount) })))
  const payload = { orderId: order.id, customerId }
  await t.emit(OrderPlaced, payload)
  if (isCounted(state)) {
    await refreshMetrics(t, order)
    await t.emit(OrderPaid, payload)
  }
  if (state === 'fulfilled') await t.emit(OrderFulfilled, payload)
  return get(t, order.id)
}

const ANNOUNCED = { paid: OrderPaid, fulfilled: OrderFulfilled, cancelled: OrderCancelled } as const
const INSTANT_OF = { paid: 'paidAt', fulfilled: 'fulfilledAt', cancelled: 'cancelledAt' } as const

async function changeState(
  t: Tx,
  id: string,
  wanted: Exclude<OrderState, 'pending'>,
  reason?: RefundReason,
): Promise<OrderRow> {
  const before = await lockOrder(t, id)
  const allowed = NEXT_STATES[before.state]
  if (!allowed.includes(wanted)) {
    throw ordersErrors['orders.wrong_state']({ number: before.number, state: before.state, wanted, allowed })
  }
  if (wanted === 'cancelled' && isCounted(before.state)) await refundRest(t, before, reason ?? 'requested')
  const order = await t.repo(Order).patch(id, { state: wanted, [INSTANT_OF[wanted]]: t.now() })
  await refreshMetrics(t, order)
  await t.emit(ANNOUNCED[wanted], { orderId: id, customerId: order.customerId })
  return order
}

/** The order with its customer locked and itself locked: customers always come first, so writers never cross. */
async function lockOrder(t: Tx, id: string): Promise<OrderRow> {
  const seen = await t.repo(Order).get(id)
  if (seen.customerId !== null) await t.lock(Customer, [seen.customerId])
  await t.lock(Order, [id])
  const order = await t.repo(Order).get(id)
  return order.customerId === seen.customerId ? order : lockOrder(t, id)
}

async function refreshMetrics(t: Tx, order: OrderRow): Promise<void> {
  if (order.customerId !== null) await t.get(Metrics).refresh(t, [order.customerId])
}
