import {
  boundsOf,
  jsonAt,
  ownerOf,
  windowSchema,
  type Collection,
  type ConditionType,
  type Facts,
  type Leaf,
  type Measure,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { expressionBuilder, sql, type AliasableExpression, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import { earliest, nextEventEdge } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  happened,
  isMeant,
  isTimedRead,
  nextRuleChange,
  pathOf,
  propertyShape,
  type EventFact,
  type EventFilter,
  type PropertyPath,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields } from './event-words.ts'
import {
  compiledComparison,
  holds,
  numberComparisonShape,
  valueIssue,
  type NumberComparison,
} from './number-comparison.ts'
import { compileSetAnswer } from './set-answer.ts'

export const aggregates = ['sum', 'avg', 'min', 'max', 'countDistinct'] as const

/** `{ type: 'eventAggregate', name, where, property, aggregate, operator, value, within }`. */
export interface EventAggregateLeaf extends EventFigure, NumberComparison {}

/** The figure alone: what customers can be ranked by. */
export interface EventFigure extends Leaf, EventFilter, PropertyPath {
  readonly type: 'eventAggregate'
  readonly aggregate: (typeof aggregates)[number]
  readonly within?: Window
}

/** Sums are made of ten-thousandths, in whole numbers: they are the same in any order and on every database. */
const SCALE = 10_000
/** Numbers beyond it are no amounts of anything and count as missing. */
const LARGEST = 1e10

const eb = expressionBuilder<any, any>()

const figureShape = {
  ...eventFilterShape,
  ...propertyShape,
  aggregate: z.enum(aggregates),
  within: windowSchema.optional(),
}

/**
 * A figure over one property of some events. Sums and averages take numbers to four decimals up to ten billion;
 * `countDistinct` takes texts, numbers and booleans. Of no events the sum and the count are 0; the average, the least
 * and the greatest are missing and meet nothing but `ne`.
 */
export const eventAggregate: ConditionType<EventAggregateLeaf> = {
  name: 'eventAggregate',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('eventAggregate'),
      ...figureShape,
      ...numberComparisonShape(z.number().min(-LARGEST).max(LARGEST)),
    })
    .superRefine((leaf, ctx) => {
      const message = valueIssue(leaf)
      if (message) ctx.addIssue({ code: 'custom', path: ['value'], message })
    }) as unknown as z.ZodType<EventAggregateLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile: (leaf, scope, negated) =>
    compileSetAnswer(
      {
        rows: eventsQuery(leaf, leaf.within, scope),
        owner: 'events.customerId',
        within: leaf.within,
        none: answer(leaf, []),
        some: compiledAnswer(leaf, scope),
      },
      scope,
      negated,
    ),
  evaluate: (leaf, facts) => answer(leaf, valuesOf(leaf, facts)),
  nextChangeAt(leaf, facts) {
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => isMeant(leaf, one, facts))
    return earliest([nextEventEdge(meant, leaf.within, facts), nextRuleChange([leaf], events, facts)])
  },
  isTimed: (leaf) => isTimedRead([leaf], leaf.within),
  measure: {
    schema: z.strictObject({ type: z.literal('eventAggregate'), ...figureShape }) as z.ZodType<EventFigure>,
    needs: () => [],
    reads: (by) => [read(by)],
    dependsOn: (by) => eventFacts(by),
    compile: (by, scope) => ({
      rows: eventsQuery(by, by.within, scope)
        .groupBy(ownerOf('events.customerId', by.within, scope))
        .select(['events.customerId as id', compiledFigure(by, scope).as('value')]),
    }),
    evaluate(by, facts) {
      const figure = figureOf(by, valuesOf(by, facts))
      return isZeroNone(by) && figure === 0 ? null : figure
    },
    advise: (by, ctx) => eventAdvice([by], ctx),
    examples: [
      { type: 'eventAggregate', name: 'Order Completed', property: 'revenue', aggregate: 'sum' },
    ] as EventFigure[],
  } satisfies Measure<EventFigure>,
  seen: (leaf, facts) => ({
    value: figureOf(leaf, valuesOf(leaf, facts)),
    count: valuesOf(leaf, facts).length,
  }),
  describe: ({ type, ...params }) => ({
    key: `conditions.${type}.${params.aggregate}.${params.operator}`,
    params,
  }),
  examples: [
    {
      type: 'eventAggregate',
      name: 'Order Completed',
      property: 'revenue',
      aggregate: 'sum',
      operator: 'gte',
      value: 500,
      within: { calendar: 'year', from: 0, to: 0 },
    },
    {
      type: 'eventAggregate',
      name: 'Product Viewed',
      property: 'sku',
      aggregate: 'countDistinct',
      operator: 'between',
      value: [3, 10],
      within: { last: { amount: 7, unit: 'day' } },
    },
  ],
  editor: {
    fields: [
      ...eventFields(['amount', 'within']),
      { name: 'property', kind: 'property', operators: [] },
      { name: 'aggregate', kind: 'enum', operators: [], values: aggregates },
    ],
  },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

function read(leaf: EventFigure): Collection<EventFact> {
  return eventsRead([leaf], { within: leaf.within, properties: true })
}

/** The property's values that the aggregate takes. */
function valuesOf(leaf: EventFigure, facts: Facts): readonly unknown[] {
  return happened(leaf, facts, { ...boundsOf(leaf.within, facts), events: read(leaf) })
    .map(({ properties }) => jsonAt(properties, pathOf(leaf)))
    .filter((value) =>
      leaf.aggregate === 'countDistinct'
        ? ['string', 'number', 'boolean'].includes(typeof value)
        : typeof value === 'number' && Math.abs(value) <= LARGEST,
    )
}

function answer({ aggregate, operator, value }: EventAggregateLeaf, values: readonly unknown[]): boolean {
  if (aggregate === 'countDistinct') return holds(new Set(values).size, operator, value)
  const numbers = values as readonly number[]
  if (aggregate === 'sum') return holds(sumOf(numbers), operator, mapped(value, scaled))
  if (numbers.length === 0) return operator === 'isNot'
  const count = BigInt(numbers.length)
  if (aggregate === 'avg')
    return holds(
      sumOf(numbers),
      operator,
      mapped(value, (one) => scaled(one) * count),
    )
  return holds(aggregate === 'min' ? least(numbers) : greatest(numbers), operator, value)
}

function figureOf({ aggregate }: EventFigure, values: readonly unknown[]): number | null {
  if (aggregate === 'countDistinct') return new Set(values).size
  const numbers = values as readonly number[]
  const sum = Number(sumOf(numbers)) / SCALE
  if (aggregate === 'sum') return sum
  if (numbers.length === 0) return null
  if (aggregate === 'avg') return sum / numbers.length
  return aggregate === 'min' ? least(numbers) : greatest(numbers)
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b))
}

function greatest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b))
}

function sumOf(numbers: readonly number[]): bigint {
  return numbers.reduce((sum, one) => sum + scaled(one), 0n)
}

function scaled(value: number): bigint {
  return BigInt(Math.floor(value * SCALE + 0.5))
}

function mapped<T>(value: NumberComparison['value'], map: (one: number) => T): T | readonly [T, T] {
  return typeof value === 'number' ? map(value) : [map(value[0]), map(value[1])]
}

interface Parts {
  /** How many different values there are. */
  readonly distinct: Expression<number>
  /** A number that is not too large. */
  readonly amount: Expression<number | null>
  /** The same in ten-thousandths. */
  readonly whole: Expression<number | null>
}

function partsOf(leaf: EventFigure, scope: SqlScope): Parts {
  const column = eb.ref('events.properties')
  const path = pathOf(leaf)
  const number = scope.sql.json(column, path, 'number')
  const kinds = [number, scope.sql.json(column, path, 'text'), scope.sql.json(column, path, 'boolean')]
  const counts = kinds.map((kind) => sql`count(distinct ${kind})`)
  const amount = sql<number | null>`case when abs(${number}) <= ${sql.lit(LARGEST)} then ${number} end`
  return {
    distinct: sql<number>`(${sql.join(counts, sql` + `)})`,
    amount,
    whole: sql<number | null>`cast(floor(${amount} * ${sql.lit(SCALE)} + 0.5) as bigint)`,
  }
}

/** Whether 0 is as much as none: of a sum, a count. */
function isZeroNone({ aggregate }: EventFigure): boolean {
  return aggregate === 'sum' || aggregate === 'countDistinct'
}

/** The figure of a group of events, calculated as `figureOf` does. */
function compiledFigure(by: EventFigure, scope: SqlScope): AliasableExpression<number | null> {
  const { distinct, amount, whole } = partsOf(by, scope)
  if (by.aggregate === 'countDistinct') return sql`nullif(${distinct}, 0)`
  if (by.aggregate === 'min' || by.aggregate === 'max') return sql`${sql.raw(by.aggregate)}(${amount})`
  const sum = sql`cast(sum(${whole}) as double precision) / ${sql.lit(SCALE)}`
  return by.aggregate === 'sum' ? sql`nullif(${sum}, 0)` : sql`${sum} / count(${amount})`
}

function compiledAnswer(leaf: EventAggregateLeaf, scope: SqlScope): Expression<SqlBool> {
  const { aggregate } = leaf
  const { distinct, amount, whole } = partsOf(leaf, scope)
  if (aggregate === 'countDistinct') return compiledComparison(distinct, leaf)
  if (aggregate === 'min' || aggregate === 'max') {
    const end = sql`${sql.raw(aggregate)}(${amount})`
    const compared = compiledComparison(end, leaf, (constant) => sql`${constant}`)
    return leaf.operator === 'isNot' ? sql<SqlBool>`coalesce(${compared}, true)` : compared
  }
  const exact = (constant: number): Expression<unknown> => sql`cast(${String(scaled(constant))} as numeric)`
  if (aggregate === 'sum') return compiledComparison(sql`coalesce(sum(${whole}), 0)`, leaf, exact)
  const compared = compiledComparison(
    sql`sum(${whole})`,
    leaf,
    (constant) => sql`${exact(constant)} * count(${amount})`,
  )
  return leaf.operator === 'isNot' ? sql<SqlBool>`coalesce(${compared}, true)` : compared
}
