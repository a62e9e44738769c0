import {
  comparisonIssues,
  compileComparison,
  editorField,
  evaluateComparison,
  findOperator,
  operatorsOf,
  storedValue,
  unknownName,
  type ComparisonIssue,
  type EditorField,
  type Environment,
  type FieldKind,
  type Operator,
  type SqlScope,
} from '@clientele/conditions'
import { expressionBuilder, sql, type Expression } from 'kysely'
import * as z from 'zod'
import { COUNTED_STATES, isCounted, ORDER_STATES } from '../order/order-state.ts'
import { REFUND_REASONS } from '../refund/refund-reason.ts'
import type { OrderFact, Rows } from './rows.ts'

/** One thing asked of an order or a refund: `{ property: 'country', operator: 'is', value: 'France' }`. */
export interface PropertyRule {
  readonly property: string
  readonly operator: string
  readonly value?: unknown
}

/** What rules may ask about a row. */
export interface RowProperty {
  readonly kind: FieldKind
  /** The column's property. */
  readonly column: string
  readonly nullable: boolean
  readonly values?: readonly string[]
}

/** The properties of a kind of row, by the name that rules write. */
export interface RowProperties {
  /** As queries name the table. */
  readonly table: string
  readonly properties: Readonly<Record<string, RowProperty>>
}

const eb = expressionBuilder<any, any>()
const text = { kind: 'text', nullable: true } as const

export const orderProperties = {
  table: 'orders',
  properties: {
    state: { kind: 'enum', column: 'state', nullable: false, values: ORDER_STATES },
    total: { kind: 'amount', column: 'baseTotal', nullable: false },
    itemCount: { kind: 'integer', column: 'itemCount', nullable: false },
    country: { ...text, column: 'country' },
    currency: { ...text, column: 'totalCurrency', nullable: false },
    source: { ...text, column: 'source' },
  },
} as const satisfies RowProperties

export const refundProperties = {
  table: 'refunds',
  properties: {
    reason: { kind: 'enum', column: 'reason', nullable: false, values: REFUND_REASONS },
    amount: { kind: 'amount', column: 'baseAmount', nullable: false },
    source: { ...text, column: 'source' },
  },
} as const satisfies RowProperties

/** What a leaf's `where` must be: at most ten rules, all of which must hold. */
export function whereSchema({ properties }: RowProperties): z.ZodType<readonly PropertyRule[]> {
  const rule = z
    .strictObject({ property: z.string(), operator: z.string(), value: z.unknown().optional() })
    .superRefine((given, ctx) => {
      const property = Object.hasOwn(properties, given.property) ? properties[given.property] : undefined
      if (!property) {
        const message = unknownName('property', given.property, Object.keys(properties))
        ctx.addIssue({ code: 'custom', path: ['property'], message })
        return
      }
      for (const issue of ruleIssues(given, property)) ctx.addIssue({ code: 'custom', ...issue })
    })
  return z.array(rule).min(1).max(10)
}

/** How an editor asks for a `where`. */
export function whereField({ properties }: RowProperties): EditorField {
  return {
    ...{ name: 'where', kind: 'properties', operators: [] },
    fields: Object.entries(properties).map(([name, { kind, values }]) => ({
      ...editorField(name, kind, rowOperators(kind)),
      ...(values ? { values } : {}),
    })),
  }
}

/** The operators of a kind that compare with a constant; other fields of the customer stand in another row. */
export function rowOperators(kind: FieldKind): readonly Operator[] {
  return operatorsOf(kind).filter((operator) => !operator.withField)
}

/** What is wrong with a rule about a property. */
export function ruleIssues(
  rule: Pick<PropertyRule, 'operator' | 'value'>,
  property: RowProperty,
): readonly ComparisonIssue[] {
  return comparisonIssues(rule, property, rowOperators(property.kind))
}

/** Narrows rows to those that meet every rule. */
export function meeting(
  rows: Rows,
  { table, properties }: RowProperties,
  where: readonly PropertyRule[] = [],
  scope: SqlScope,
): Rows {
  return where.reduce((narrowed, rule) => {
    const { property, operator, value } = resolve(properties, rule, scope)
    const column = eb.ref(`${table}.${property.column}`)
    const compared = { column, nullable: property.nullable }
    return narrowed.where(compileComparison(compared, operator, value, scope, false))
  }, rows)
}

/** The same in memory. */
export function meets(
  row: object,
  { properties }: RowProperties,
  where: readonly PropertyRule[] = [],
  environment: Environment,
): boolean {
  return where.every((rule) => {
    const { property, operator, value } = resolve(properties, rule, environment)
    const actual = (row as Readonly<Record<string, unknown>>)[property.column]
    return evaluateComparison(actual, operator, value, environment)
  })
}

/**
 * Narrows orders to those that count: paid and fulfilled ones, unless the rules ask about the state themselves.
 *
 * @param table as the query names the orders
 */
export function countedOrders(
  rows: Rows,
  where: readonly PropertyRule[] = [],
  scope: SqlScope,
  table = 'orders',
): Rows {
  const counted = asksState(where) ? rows : rows.where(stateOf(scope, table), 'in', COUNTED_STATES)
  return meeting(counted, { ...orderProperties, table }, where, scope)
}

/** Where few customers are asked about, their orders are found by customer: no index on states may look better. */
function stateOf({ isNarrowed }: SqlScope, table: string): Expression<string> {
  const state = eb.ref(`${table}.state`) as unknown as Expression<string>
  return isNarrowed ? sql<string>`(${state} || '')` : state
}

/** The same in memory. */
export function isCountedOrder(
  order: OrderFact,
  where: readonly PropertyRule[] = [],
  environment: Environment,
): boolean {
  return (asksState(where) || isCounted(order.state)) && meets(order, orderProperties, where, environment)
}

function asksState(where: readonly PropertyRule[]): boolean {
  return where.some((rule) => rule.property === 'state')
}

function resolve(
  properties: RowProperties['properties'],
  rule: PropertyRule,
  environment: Environment,
): { readonly property: RowProperty; readonly operator: Operator; readonly value: unknown } {
  const property = properties[rule.property]!
  const operator = findOperator(rule.operator, property.kind)!
  return { property, operator, value: storedValue(property.kind, rule.value, environment) }
}
