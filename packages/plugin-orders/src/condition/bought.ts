import {
  comparisonIssues,
  compileComparison,
  evaluateComparison,
  findOperator,
  isMoving,
  ownerOf,
  storableText,
  windowSchema,
  type Collection,
  type ConditionType,
  type Facts,
  type Leaf,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { uuidSchema } from '@clientele/core'
import { Product } from '@clientele/plugin-inventory'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { Order } from '../order/order.entity.ts'
import { figureOperators, numberField } from './figure-conditions.ts'
import { byCustomer, ORDER_COLUMNS, type OrderFact, type Rows } from './rows.ts'
import { inSpan, isInSpan, nextChangeOf, spanOf } from './span.ts'
import {
  countedOrders,
  isCountedOrder,
  orderProperties,
  whereField,
  whereSchema,
  type PropertyRule,
} from './where.ts'

/** What was bought: one of `product`, `sku` and `category`. */
export interface BoughtLeaf extends Leaf {
  readonly type: 'bought'
  /** A product's id. */
  readonly product?: string
  /** The code on the order's line: of a variant, or of what is no product of the shop. */
  readonly sku?: string
  /** The category that the product is in now. */
  readonly category?: string
  /** How many pieces in all. @default at least one */
  readonly quantity?: { readonly operator: string; readonly value: unknown }
  /** @default all time up to now */
  readonly within?: Window
  /** Rules about the orders. */
  readonly where?: readonly PropertyRule[]
}

/** An order with how many pieces of the item stand in it. */
interface BoughtFact extends OrderFact {
  readonly quantity: number
}

const ITEMS = ['product', 'sku', 'category'] as const
const QUANTITY = { kind: 'integer' } as const

const eb = expressionBuilder<any, any>()
const text = storableText(200).min(1)

const quantitySchema = z
  .strictObject({ operator: z.string(), value: z.unknown() })
  .superRefine((quantity, ctx) => {
    const issues = comparisonIssues(quantity, QUANTITY, figureOperators('integer'))
    for (const issue of issues) ctx.addIssue({ code: 'custom', ...issue })
  })

const schema = z
  .strictObject({
    type: z.literal('bought'),
    product: uuidSchema.optional(),
    sku: text.optional(),
    category: text.optional(),
    quantity: quantitySchema.optional(),
    within: windowSchema.optional(),
    where: whereSchema(orderProperties).optional(),
  })
  .refine((leaf) => ITEMS.filter((item) => leaf[item] !== undefined).length === 1, {
    path: ['product'],
    message: 'needs exactly one of "product", "sku" and "category"',
  }) as unknown as z.ZodType<BoughtLeaf>

/**
 * `bought`: a product, a code or a category, on lines of orders that count. Lines of less than one piece, which take
 * something back, do not.
 */
export const bought: ConditionType<BoughtLeaf> = {
  name: 'bought',
  scope: 'customer',
  schema,
  needs: () => [],
  reads: (leaf) => [linesOf(leaf)],
  dependsOn: (leaf) => ['orders.*', ...(leaf.category === undefined ? [] : ['products.category'])],
  costly: () => true,
  compile(leaf, scope, negated) {
    const { operator, value } = quantityOf(leaf)
    const none = evaluateComparison(0, operator, value, scope)
    const rows = boughtRows(leaf, scope)
    const owner = ownerOf('orders.customerId', leaf.within, scope)
    const column = eb.fn.sum(eb.ref('orderLines.quantity'))
    const ids = leaf.quantity
      ? rows
          .groupBy(owner)
          .having(compileComparison({ column, nullable: false }, operator, value, scope, none))
      : rows
    return scope.sql.among(scope.id, ids.select(owner.as('id')) as never, negated !== none)
  },
  evaluate(leaf, facts) {
    const { operator, value } = quantityOf(leaf)
    return evaluateComparison(piecesOf(leaf, facts), operator, value, facts)
  },
  nextChangeAt: (leaf, facts) =>
    nextChangeOf(
      facts.rows(linesOf(leaf)).map((order) => order.placedAt),
      leaf.within,
      facts,
    ),
  isTimed: ({ within }) => isMoving(within),
  seen: (leaf, facts) => ({ value: piecesOf(leaf, facts), latest: ordersWith(leaf, facts).at(-1) ?? null }),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'bought', sku: '22423' },
    { type: 'bought', category: 'Tea', within: { last: { amount: 90, unit: 'day' } } },
    {
      ...{ type: 'bought', product: '01890a5d-ac96-774b-bcce-b302099a8057' },
      quantity: { operator: 'gte', value: 3 },
    },
  ] as BoughtLeaf[],
  editor: {
    fields: [
      ...ITEMS.map((name) => ({ name, kind: 'text', operators: ['is'] })),
      numberField('quantity', 'integer'),
      { name: 'within', kind: 'window', operators: [] },
      whereField(orderProperties),
    ],
  },
}

function quantityOf({ quantity = { operator: 'gte', value: 1 } }: BoughtLeaf) {
  return { operator: findOperator(quantity.operator, 'integer')!, value: quantity.value }
}

function boughtRows(leaf: BoughtLeaf, scope: SqlScope): Rows {
  const lines = scope
    .rowsOf(Order, 'customerId')
    .innerJoin('orderLines', 'orderLines.orderId', 'orders.id')
    .where('orderLines.quantity', '>', 0)
    .where(ownerOf('orders.customerId', leaf.within, scope), 'is not', null) as unknown as Rows
  const counted = countedOrders(lines, leaf.where, scope)
  return ofItem(inSpan(counted, 'orders.placedAt', spanOf(leaf.within, scope)), leaf, scope.rows(Product))
}

function ofItem(lines: Rows, { product, sku, category }: BoughtLeaf, products: Rows): Rows {
  if (product !== undefined) return lines.where('orderLines.productId', '=', product)
  if (sku !== undefined) return lines.where('orderLines.sku', '=', sku)
  const inCategory = products.where('products.category', '=', category).select('products.id')
  return lines.where('orderLines.productId', 'in', inCategory)
}

/** The orders of a customer with the item in them, in whatever state, the oldest first. */
function linesOf(leaf: BoughtLeaf): Collection<BoughtFact> {
  const item = ITEMS.find((name) => leaf[name] !== undefined)!
  return {
    key: `orders.lines.${item}.${leaf[item]}`,
    async load({ db, dbWithRemoved, sql }, customerIds) {
      const lines = db
        .selectFrom('orders')
        .innerJoin('orderLines', 'orderLines.orderId', 'orders.id')
        .where((where) => sql.anyOf(where.ref('orders.customerId'), 'uuid', customerIds))
        .where('orderLines.quantity', '>', 0) as unknown as Rows
      const products = dbWithRemoved.selectFrom('products') as unknown as Rows
      const rows = await ofItem(lines, leaf, products)
        .select([...ORDER_COLUMNS, 'orderLines.quantity'])
        .orderBy('orders.placedAt')
        .orderBy('orders.id')
        .execute()
      return byCustomer<BoughtFact>(rows)
    },
  }
}

function ordersWith(leaf: BoughtLeaf, facts: Facts): readonly BoughtFact[] {
  const span = spanOf(leaf.within, facts)
  return facts
    .rows(linesOf(leaf))
    .filter((order) => isCountedOrder(order, leaf.where, facts) && isInSpan(order.placedAt, span))
}

function piecesOf(leaf: BoughtLeaf, facts: Facts): number {
  return ordersWith(leaf, facts).reduce((sum, order) => sum + order.quantity, 0)
}
