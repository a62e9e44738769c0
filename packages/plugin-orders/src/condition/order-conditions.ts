import {
  compileComparison,
  editorField,
  evaluateComparison,
  findOperator,
  storedValue,
  unknownName,
  type ConditionType,
  type Facts,
  type Leaf,
  type SqlScope,
} from '@clientele/conditions'
import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import { CustomerMetrics } from '../customer-metrics/customer-metrics.entity.ts'
import { Order } from '../order/order.entity.ts'
import { ifAllHappened } from './figure-conditions.ts'
import { ordersOfCustomer, type OrderFact, type Rows } from './rows.ts'
import { inSpan, isInSpan, nextChangeOf, spanOf } from './span.ts'
import {
  countedOrders,
  isCountedOrder,
  orderProperties,
  rowOperators,
  ruleIssues,
  whereField,
  whereSchema,
  type PropertyRule,
  type RowProperty,
} from './where.ts'

/** `{ type, which, field, operator, value, where }`: the first or the last order compared with a constant. */
export interface OrderLeaf extends Leaf {
  readonly type: 'order'
  readonly which: 'first' | 'last'
  readonly field: string
  readonly operator: string
  readonly value?: unknown
  /** Which orders are meant: the first from France. */
  readonly where?: readonly PropertyRule[]
}

const eb = expressionBuilder<any, any>()
const { total, itemCount, country, currency } = orderProperties.properties
const FIELDS = {
  placedAt: { kind: 'timestamp', column: 'placedAt', nullable: false },
  ...{ total, itemCount, country, currency },
} as Readonly<Record<string, RowProperty>>

const schema = z
  .strictObject({
    type: z.literal('order'),
    which: z.enum(['first', 'last']),
    field: z.string(),
    operator: z.string(),
    value: z.unknown().optional(),
    where: whereSchema(orderProperties).optional(),
  })
  .superRefine((leaf, ctx) => {
    const field = Object.hasOwn(FIELDS, leaf.field) ? FIELDS[leaf.field] : undefined
    if (!field) {
      const message = unknownName('field', leaf.field, Object.keys(FIELDS))
      ctx.addIssue({ code: 'custom', path: ['field'], message })
      return
    }
    for (const issue of ruleIssues(leaf, field)) ctx.addIssue({ code: 'custom', ...issue })
  }) as unknown as z.ZodType<OrderLeaf>

/**
 * `order`: when a customer's first or last order was placed, and what it was like. Paid and fulfilled orders count,
 * unless `where` asks about the state. Of orders placed at the same instant the greater id is the later one. Who has no
 * such order is as if the value were missing.
 */
export const firstOrLastOrder: ConditionType<OrderLeaf> = {
  name: 'order',
  scope: 'customer',
  schema,
  needs: (leaf) => (usesMetrics(leaf) ? [CustomerMetrics] : []),
  reads: () => [ordersOfCustomer],
  dependsOn: () => ['orders.*'],
  costly: () => true,
  compile(leaf, scope, negated) {
    const { operator, value } = read(leaf, scope)
    const compare = (column: Expression<unknown>) =>
      compileComparison({ column, nullable: true, computed: true }, operator, value, scope, negated)
    const each = () => compare(ofOrder(leaf, scope, scope.id))
    return usesMetrics(leaf)
      ? ifAllHappened(scope, compare(scope.column(CustomerMetrics, `${leaf.which}OrderAt`)), each())
      : scope.sql.eachOrOnce({ each, once: () => compileGrouped(leaf, scope, negated) })
  },
  evaluate(leaf, facts) {
    const { operator, value } = read(leaf, facts)
    return evaluateComparison(actualOf(leaf, facts), operator, value, facts)
  },
  nextChangeAt(leaf, facts) {
    const { operator } = read(leaf, facts)
    const actual = actualOf(leaf, facts)
    const comes = nextChangeOf(
      facts.rows(ordersOfCustomer).map((order) => order.placedAt),
      undefined,
      facts,
    )
    const moves = actual === null ? null : (operator.nextChangeAt?.(actual, leaf.value, facts) ?? null)
    return comes === null || moves === null ? (comes ?? moves) : Math.min(comes, moves)
  },
  isTimed: ({ operator, field }) => findOperator(operator, FIELDS[field]!.kind)!.nextChangeAt !== undefined,
  seen: (leaf, facts) => orderOf(leaf, facts) ?? null,
  describe: ({ which, field, operator, value, where }) => ({
    key: `conditions.order.${field}.${operator}`,
    params: { which, ...(value === undefined ? {} : { value }), ...(where ? { where } : {}) },
  }),
  examples: [
    {
      ...{ type: 'order', which: 'last', field: 'placedAt' },
      operator: 'olderThan',
      value: { amount: 90, unit: 'day' },
    },
    {
      ...{ type: 'order', which: 'first', field: 'placedAt' },
      operator: 'after',
      value: '2026-01-01T00:00:00Z',
    },
    { ...{ type: 'order', which: 'first', field: 'total' }, operator: 'gte', value: 100 },
  ] as OrderLeaf[],
  editor: {
    fields: [
      ...Object.entries(FIELDS).map(([name, { kind }]) => editorField(name, kind, rowOperators(kind))),
      whereField(orderProperties),
    ],
  },
}

function read(leaf: OrderLeaf, environment: Facts | SqlScope) {
  const { kind } = FIELDS[leaf.field]!
  return {
    operator: findOperator(leaf.operator, kind)!,
    value: storedValue(kind, leaf.value, environment),
  }
}

function usesMetrics(leaf: OrderLeaf): boolean {
  return leaf.field === 'placedAt' && !leaf.where
}

/**
 * The customers whose first or last order answers otherwise than none does, found by going through all orders once: the
 * last order meets the comparison where the last of those that meet it comes after the last of the others. Only where
 * both were placed at the same instant the order itself is looked up.
 */
function compileGrouped(leaf: OrderLeaf, scope: SqlScope, negated: boolean): Expression<SqlBool> {
  const { operator, value } = read(leaf, scope)
  const { column, nullable } = FIELDS[leaf.field]!
  const none = evaluateComparison(null, operator, value, scope)
  const owner = eb.ref('orders.customerId')
  const answers = (compared: Parameters<typeof compileComparison>[0], met: boolean) =>
    compileComparison(compared, operator, value, scope, !met)
  const end = (met: boolean): Expression<unknown> => {
    const some = answers({ column: eb.ref(`orders.${column}`), nullable }, met)
    const at = sql`case when ${some} then ${eb.ref('orders.placedAt')} end`
    return leaf.which === 'first' ? sql`min(${at})` : sql`max(${at})`
  }
  const [found, others] = [end(!none), end(none)]
  const tied = answers({ column: ofOrder(leaf, scope, owner), nullable: true, computed: true }, !none)
  const beyond = leaf.which === 'first' ? sql`${found} < ${others}` : sql`${found} > ${others}`
  const ids = inSpan(
    countedOrders(scope.rowsOf(Order, 'customerId'), leaf.where, scope),
    'orders.placedAt',
    spanOf(undefined, scope),
  )
    .where(owner, 'is not', null)
    .groupBy(owner)
    .having(
      sql<SqlBool>`case when ${found} = ${others} then ${tied} else coalesce(${beyond}, ${found} is not null) end`,
    )
  return scope.sql.among(scope.id, ids.select('orders.customerId as id') as never, negated !== none)
}

/** A value of a customer's first or last order, as a scalar. */
function ofOrder(leaf: OrderLeaf, scope: SqlScope, customerId: Expression<unknown>): Expression<unknown> {
  const direction = leaf.which === 'first' ? 'asc' : 'desc'
  const all = eb.selectFrom('orders as own') as Rows
  const orders = countedOrders(all, leaf.where, { ...scope, isNarrowed: true }, 'own')
  return inSpan(orders, 'own.placedAt', spanOf(undefined, scope))
    .where('own.customerId', '=', customerId)
    .select(`own.${FIELDS[leaf.field]!.column}`)
    .orderBy('own.placedAt', direction)
    .orderBy('own.id', direction)
    .limit(1)
}

function orderOf(leaf: OrderLeaf, facts: Facts): OrderFact | undefined {
  const span = spanOf(undefined, facts)
  const orders = facts
    .rows(ordersOfCustomer)
    .filter((order) => isCountedOrder(order, leaf.where, facts) && isInSpan(order.placedAt, span))
  return leaf.which === 'first' ? orders[0] : orders.at(-1)
}

function actualOf(leaf: OrderLeaf, facts: Facts): unknown {
  const order = orderOf(leaf, facts) as Readonly<Record<string, unknown>> | undefined
  return order?.[FIELDS[leaf.field]!.column] ?? null
}
