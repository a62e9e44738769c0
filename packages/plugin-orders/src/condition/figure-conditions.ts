import {
  comparisonIssues,
  compileComparison,
  editorField,
  evaluateComparison,
  findOperator,
  isMoving,
  operatorsOf,
  ownerOf,
  storedValue,
  unknownName,
  windowSchema,
  type Collection,
  type ConditionType,
  type EditorField,
  type Environment,
  type FactKey,
  type Facts,
  type FieldKind,
  type Leaf,
  type Measure,
  type MeasuredBy,
  type Operator,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { toTimestamp, type AnyEntity, type Timestamp } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import { CustomerMetrics } from '../customer-metrics/customer-metrics.entity.ts'
import type { Rows } from './rows.ts'
import { nextChangeOf } from './span.ts'
import { whereField, whereSchema, type PropertyRule, type RowProperties } from './where.ts'

/** `{ type, field, operator, value, within, where }`: a figure over a customer's rows compared with a constant. */
export interface FigureLeaf extends Leaf {
  readonly field: string
  readonly operator: string
  readonly value: unknown
  /** @default all time up to now */
  readonly within?: Window
  readonly where?: readonly PropertyRule[]
}

/** What a figure is made of. */
export interface Figure {
  readonly kind: Extract<FieldKind, 'integer' | 'number' | 'amount'>
  /** Its value for a customer without a row: 0, or null where none can be said. */
  readonly none: 0 | null
  /** The rows it adds up, and the value of each customer's, which the caller groups by `id`. */
  compile(leaf: FigureLeaf, scope: SqlScope): GroupedFigure
  evaluate(leaf: FigureLeaf, facts: Facts): number | null
  /** Where customer metrics hold the same, when no order lies in the future. */
  metric?(scope: SqlScope): { readonly column: Expression<unknown>; readonly nullable: boolean }
}

export interface GroupedFigure {
  readonly rows: Rows
  /** The column with the customer's id. */
  readonly id: string
  readonly value: Expression<unknown>
  /** It counts the rows: whether there are any needs no grouping. */
  readonly counts?: boolean
}

export interface FigureOptions {
  readonly figures: Readonly<Record<string, Figure>>
  /** What `where` may ask about. */
  readonly properties: RowProperties
  readonly reads: readonly Collection<any>[]
  readonly dependsOn: readonly FactKey[]
  /** When each row that matters happens: a window moves over these instants. */
  instants(leaf: FigureLeaf, facts: Facts): readonly Timestamp[]
  /** The last row that was counted, for explanations. */
  latest(leaf: FigureLeaf, facts: Facts): unknown
  readonly examples: readonly FigureLeaf[]
}

const eb = expressionBuilder<any, any>()

/** A condition type over figures. Amounts are in major units of the reporting currency. */
export function figureConditions(name: string, options: FigureOptions): ConditionType<FigureLeaf> {
  const { figures } = options
  const read = (leaf: FigureLeaf, environment: Environment): Read => {
    const figure = figures[leaf.field]!
    const operator = findOperator(leaf.operator, figure.kind)!
    return { figure, operator, value: storedValue(figure.kind, leaf.value, environment) }
  }
  return {
    name,
    scope: 'customer',
    schema: leafSchema(name, options),
    needs: (leaf): readonly AnyEntity[] => (usesMetrics(leaf, figures) ? [CustomerMetrics] : []),
    reads: () => options.reads,
    dependsOn: () => options.dependsOn,
    costly: () => true,
    compile(leaf, scope, negated) {
      const asked = read(leaf, scope)
      return usesMetrics(leaf, figures)
        ? compileMetric(leaf, asked, scope, negated)
        : compileRows(leaf, asked, scope, { negated, each: false })
    },
    evaluate(leaf, facts) {
      const { figure, operator, value } = read(leaf, facts)
      return evaluateComparison(figure.evaluate(leaf, facts), operator, value, facts)
    },
    nextChangeAt: (leaf, facts) => nextChangeOf(options.instants(leaf, facts), leaf.within, facts),
    isTimed: ({ within }) => isMoving(within),
    measure: figureMeasure(name, options),
    seen: (leaf, facts) => ({
      value: inMajorUnits(figures[leaf.field]!, figures[leaf.field]!.evaluate(leaf, facts), facts),
      latest: options.latest(leaf, facts),
    }),
    describe: ({ field, operator, value, within, where }) => ({
      key: `conditions.${name}.${field}.${operator}`,
      params: { field, value, ...(within ? { within } : {}), ...(where ? { where } : {}) },
    }),
    examples: options.examples,
    editor: {
      fields: [
        ...Object.entries(figures).map(([field, { kind }]) => numberField(field, kind)),
        { name: 'within', kind: 'window', operators: [] },
        whereField(options.properties),
      ],
    },
  }
}

/** A figure that customers can be ranked by. */
export interface FigureMeasure extends MeasuredBy {
  readonly field: string
  readonly within?: Window
  readonly where?: readonly PropertyRule[]
}

/** Counts and sums of 0 are as good as none: who has bought nothing is not ranked. */
function figureMeasure(name: string, options: FigureOptions): Measure<FigureMeasure> {
  const { figures, properties } = options
  const names = Object.keys(figures)
  const shape = { within: windowSchema.optional(), where: whereSchema(properties).optional() }
  const schema = z
    .strictObject({ type: z.literal(name), field: z.string(), ...shape })
    .superRefine(({ field }, ctx) => {
      if (names.includes(field)) return
      ctx.addIssue({ code: 'custom', path: ['field'], message: unknownName('field', field, names) })
    }) as unknown as z.ZodType<FigureMeasure>
  return {
    schema,
    needs: () => [],
    reads: () => options.reads,
    dependsOn: () => options.dependsOn,
    compile(by, scope) {
      const figure = figures[by.field]!
      const { rows, id, value } = figure.compile(by as FigureLeaf, scope)
      const owner = ownerOf(id, by.within, scope)
      // Floating-point numbers are in the same order everywhere.
      const number = sql<number>`cast(${value} as double precision)`
      const ranked = figure.none === 0 ? sql<number | null>`nullif(${number}, 0)` : number
      return { rows: rows.groupBy(owner).select([owner.as('id'), ranked.as('value')]) as never }
    },
    evaluate(by, facts) {
      const figure = figures[by.field]!
      const value = figure.evaluate(by as FigureLeaf, facts)
      return figure.none === 0 && value === 0 ? null : value
    },
    isMoney: (by) => figures[by.field]!.kind === 'amount',
    examples: options.examples.map(({ operator: _, value: __, ...by }) => by as unknown as FigureMeasure),
  }
}

interface Read {
  readonly figure: Figure
  readonly operator: Operator
  readonly value: unknown
}

const COMPARES = ['is', 'isNot', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'between', 'notBetween']

/** Those that compare a number with numbers. */
export function figureOperators(kind: FieldKind): readonly Operator[] {
  return operatorsOf(kind).filter(({ name }) => COMPARES.includes(name))
}

/** How an editor asks for a number. */
export function numberField(name: string, kind: FieldKind): EditorField {
  return editorField(name, kind, figureOperators(kind))
}

function leafSchema(name: string, { figures, properties }: FigureOptions): z.ZodType<FigureLeaf> {
  const shape = z.strictObject({
    type: z.literal(name),
    field: z.string(),
    operator: z.string(),
    value: z.unknown(),
    within: windowSchema.optional(),
    where: whereSchema(properties).optional(),
  })
  return shape.superRefine((leaf, ctx) => {
    const figure = Object.hasOwn(figures, leaf.field) ? figures[leaf.field] : undefined
    if (!figure) {
      const message = unknownName('field', leaf.field, Object.keys(figures))
      ctx.addIssue({ code: 'custom', path: ['field'], message })
      return
    }
    const issues = comparisonIssues(leaf, figure, figureOperators(figure.kind))
    for (const issue of issues) ctx.addIssue({ code: 'custom', ...issue })
  }) as unknown as z.ZodType<FigureLeaf>
}

function usesMetrics(leaf: FigureLeaf, figures: FigureOptions['figures']): boolean {
  return !leaf.within && !leaf.where && figures[leaf.field]!.metric !== undefined
}

/** Metrics know orders that are yet to happen; who has one is asked by their rows. */
function compileMetric(
  leaf: FigureLeaf,
  asked: Read,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  const { figure, operator, value } = asked
  const metric = compileComparison(figure.metric!(scope), operator, value, scope, negated)
  return ifAllHappened(scope, metric, compileRows(leaf, asked, scope, { negated, each: true }))
}

/** `metric` where no order of the customer lies after now, else `rows`. */
export function ifAllHappened(
  scope: SqlScope,
  metric: Expression<SqlBool>,
  rows: Expression<SqlBool>,
): Expression<SqlBool> {
  const last = scope.column(CustomerMetrics, 'lastOrderAt')
  const now = scope.sql.value('timestamp', toTimestamp(scope.now))
  const happened = eb.or([eb(last, 'is', null), eb(last, '<=', now)])
  return eb.or([eb.and([happened, metric]), eb.and([eb(last, '>', now), rows])])
}

interface RowsOptions {
  readonly negated: boolean
  /** Few customers are asked, each by rows of their own; else all rows are gone through once. */
  readonly each: boolean
}

function compileRows(
  leaf: FigureLeaf,
  { figure, operator, value }: Read,
  scope: SqlScope,
  { negated, each }: RowsOptions,
): Expression<SqlBool> {
  const { rows: all, id, value: column, counts = false } = figure.compile(leaf, scope)
  const rows = each ? all.where(id, '=', scope.id) : all
  const owner = ownerOf(id, leaf.within, scope)
  // Who has no row stands in no group: where that meets the leaf, those who do not meet it are looked for instead.
  const complement = evaluateComparison(figure.none, operator, value, scope)
  const ids =
    counts && asksForAny(operator.name, value)
      ? rows
      : rows
          .groupBy(owner)
          .having(
            compileComparison({ column, nullable: figure.none === null }, operator, value, scope, complement),
          )
  return scope.sql.among(scope.id, ids.select(owner.as('id')) as never, negated !== complement)
}

/** Whether a count compares as "any" or "none". */
function asksForAny(operator: string, value: unknown): boolean {
  if (operator === 'gte' || operator === 'lt') return value === 1
  return ['gt', 'lte', 'is', 'isNot'].includes(operator) && value === 0
}

function inMajorUnits(
  { kind }: Figure,
  value: number | null,
  { currencyDigits }: Environment,
): number | null {
  return kind === 'amount' && value !== null ? value / 10 ** currencyDigits : value
}
