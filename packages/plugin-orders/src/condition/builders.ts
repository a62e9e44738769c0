import {
  questions,
  type BuiltCondition,
  type NumberQuestions,
  type TextQuestions,
  type TimeQuestions,
} from '@clientele/conditions'
import { BoughtBuilder, type BoughtItem } from './bought-builder.ts'
import { FigureBuilder } from './figure-builder.ts'
import type { orderProperties, refundProperties } from './where.ts'

/** What rules about orders may name. */
export type OrderProperty = keyof typeof orderProperties.properties
/** What rules about refunds may name. */
export type RefundProperty = keyof typeof refundProperties.properties

/**
 * Who bought a product, a code or something of a category.
 *
 * @example
 * bought({ category: 'Tea' }).atLeast(3).within('90d')
 */
export function bought(item: BoughtItem): BoughtBuilder {
  return new BoughtBuilder({ type: 'bought', ...item })
}

/** Who never bought it: the exact complement of {@link bought}. */
export function neverBought(item: BoughtItem): BuiltCondition {
  return bought(item).not()
}

/**
 * Who placed an order, or so many.
 *
 * @example
 * ordered().atLeast(3).within('90d')
 */
export function ordered(): FigureBuilder<OrderProperty> {
  return new FigureBuilder({ type: 'orders', field: 'count', operator: 'gte', value: 1 })
}

/** What was paid less what was given back; above zero until it is compared otherwise. */
export function revenue(): FigureBuilder<OrderProperty> {
  return new FigureBuilder({ type: 'orders', field: 'revenue', operator: 'gt', value: 0 })
}

/** What was paid, refunded or not; above zero until it is compared otherwise. */
export function grossRevenue(): FigureBuilder<OrderProperty> {
  return new FigureBuilder({ type: 'orders', field: 'grossRevenue', operator: 'gt', value: 0 })
}

/** What was paid by order; above zero until it is compared otherwise. */
export function averageOrderValue(): FigureBuilder<OrderProperty> {
  return new FigureBuilder({ type: 'orders', field: 'averageValue', operator: 'gt', value: 0 })
}

/** Who got a refund, or so many. */
export function refunded(): FigureBuilder<RefundProperty> {
  return new FigureBuilder({ type: 'refunds', field: 'count', operator: 'gte', value: 1 })
}

/** What was given back; above zero until it is compared otherwise. */
export function refundedAmount(): FigureBuilder<RefundProperty> {
  return new FigureBuilder({ type: 'refunds', field: 'amount', operator: 'gt', value: 0 })
}

/** The share of what was paid that was given back; above zero until it is compared otherwise. */
export function refundRate(): FigureBuilder<RefundProperty> {
  return new FigureBuilder({ type: 'refunds', field: 'rate', operator: 'gt', value: 0 })
}

/** What can be asked about one order. */
export interface OrderQuestions {
  readonly placedAt: TimeQuestions
  readonly total: NumberQuestions
  readonly itemCount: NumberQuestions
  readonly country: TextQuestions
  readonly currency: TextQuestions
}

/** A customer's first order: `firstOrder.total.gte(100)`. */
export const firstOrder: OrderQuestions = orderQuestions('first')

/** A customer's last order: `lastOrder.placedAt.olderThan('90d')`. */
export const lastOrder: OrderQuestions = orderQuestions('last')

function orderQuestions(which: 'first' | 'last'): OrderQuestions {
  const about = <Q>(field: keyof OrderQuestions): Q =>
    questions<Q>((asked) => ({ type: 'order', which, field, ...asked }))
  return {
    placedAt: about('placedAt'),
    total: about('total'),
    itemCount: about('itemCount'),
    country: about('country'),
    currency: about('currency'),
  }
}
