import type { AnyEntity } from '@clientele/core'
import * as z from 'zod'
import type { Leaf } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import type { Facts } from '../facts/facts.ts'
import { closedObject, jsonSchemaOf } from '../language/json-schema.ts'
import { unknownName } from '../language/nearest.ts'
import type { Measure, MeasuredBy } from './measure.ts'
import { firstPlaces, placesIn, type Places, type Ranking } from './ranked-query.ts'

/** A leaf that ranks customers by a number that some other type compares. */
export interface RankingLeaf extends Leaf {
  readonly by: MeasuredBy
}

/** `{ type: 'top', by, count, direction }`: the customers with the greatest numbers, or with the least. */
export interface TopLeaf extends RankingLeaf {
  readonly type: 'top'
  /** How many; fewer when fewer have such a number. */
  readonly count: number
  /** @default highest */
  readonly direction: 'highest' | 'lowest'
}

/**
 * `{ type: 'percentile', by, from, to }`: the customers whose percentile rank is above `from` and at most `to`, so that
 * ranges that follow each other share nobody: `from: 90, to: 100` are the tenth of them with the greatest numbers.
 */
export interface PercentileLeaf extends RankingLeaf {
  readonly type: 'percentile'
  /** 0 to 100, two decimals at most. */
  readonly from: number
  readonly to: number
}

/** A type of population scope: who meets its leaves is read off a ranking. */
export interface RankingType<L extends RankingLeaf = RankingLeaf> extends ConditionType<L> {
  readonly scope: 'population'
  /** How a leaf ranks, and which places meet it. */
  ranking(leaf: L): Ranking
}

const LARGEST_COUNT = 1_000_000

/**
 * The types that rank customers against each other, by the measures of the other types. Of equal numbers the customer
 * with the lesser id, who came first, has the better place. Who has no such number has no place and meets no leaf.
 */
export function rankingConditions(
  subject: AnyEntity,
  types: readonly ConditionType<any>[],
): readonly RankingType<any>[] {
  const measures = new Map(types.flatMap(({ name, measure }) => (measure ? [[name, measure] as const] : [])))
  if (measures.size === 0) return []
  return [top(subject, measures), percentile(subject, measures)]
}

/** Whether a type ranks. */
export function isRankingType(type: ConditionType): type is RankingType {
  return type.scope === 'population' && 'ranking' in type
}

type Measures = ReadonlyMap<string, Measure<any>>

function top(subject: AnyEntity, measures: Measures): RankingType<TopLeaf> {
  const direction = z.enum(['highest', 'lowest'])
  const count = z.number().int().min(1).max(LARGEST_COUNT)
  const by = bySchema(measures)
  const type = 'top' as const
  return rankingType(subject, measures, {
    name: type,
    schema: z.strictObject({ type: z.literal(type), by, count, direction: direction.default('highest') }),
    direction: (leaf) => leaf.direction,
    places: (leaf) => firstPlaces(leaf.count),
    jsonSchema: closedObject(
      {
        ...{ type: { const: type }, by: byJsonSchema(measures) },
        ...{ count: jsonSchemaOf(count), direction: jsonSchemaOf(direction) },
      },
      ['direction'],
    ),
    examples: exampleMeasures(measures).map((one, index) => ({
      ...{
        type,
        by: one,
        count: 100,
        direction: index % 2 === 0 ? ('highest' as const) : ('lowest' as const),
      },
    })),
    fields: [
      { name: 'by', kind: 'measure', operators: [] },
      { name: 'count', kind: 'integer', operators: [] },
      { name: 'direction', kind: 'enum', operators: [], values: direction.options },
    ],
  })
}

function percentile(subject: AnyEntity, measures: Measures): RankingType<PercentileLeaf> {
  const percent = z.number().min(0).max(100).multipleOf(0.01)
  const by = bySchema(measures)
  const type = 'percentile' as const
  return rankingType(subject, measures, {
    name: type,
    schema: z
      .strictObject({ type: z.literal(type), by, from: percent, to: percent })
      .refine(({ from, to }) => from < to, {
        path: ['to'],
        message: 'must be greater than "from": 90 to 100 are the tenth with the greatest numbers',
      }),
    direction: () => 'highest',
    places: ({ from, to }) => placesIn(from, to),
    jsonSchema: closedObject({
      ...{ type: { const: type }, by: byJsonSchema(measures) },
      ...{ from: jsonSchemaOf(percent), to: jsonSchemaOf(percent) },
    }),
    examples: exampleMeasures(measures)
      .slice(0, 2)
      .map((one, index) => ({
        type,
        by: one,
        ...(index === 0 ? { from: 90, to: 100 } : { from: 0, to: 25 }),
      })),
    fields: [
      { name: 'by', kind: 'measure', operators: [] },
      { name: 'from', kind: 'number', operators: [] },
      { name: 'to', kind: 'number', operators: [] },
    ],
  })
}

interface RankingOptions<L extends RankingLeaf> {
  readonly name: L['type']
  readonly schema: z.ZodType
  readonly direction: (leaf: L) => Ranking['direction']
  readonly places: (leaf: L) => Places
  readonly jsonSchema: Readonly<Record<string, unknown>>
  readonly examples: readonly L[]
  readonly fields: ConditionType['editor']['fields']
}

function rankingType<L extends RankingLeaf>(
  subject: AnyEntity,
  measures: Measures,
  { name, schema, direction, places, jsonSchema, examples, fields }: RankingOptions<L>,
): RankingType<L> {
  const measureOf = ({ by }: L): Measure => measures.get(by.type)!
  const ranking = (leaf: L): Ranking => ({
    ...{ subject, by: leaf.by, measure: measureOf(leaf) },
    ...{ direction: direction(leaf), places: places(leaf) },
  })
  return {
    name,
    scope: 'population',
    ranking,
    schema: schema as z.ZodType<L>,
    needs: (leaf) => measureOf(leaf).needs(leaf.by),
    reads: (leaf) => measureOf(leaf).reads?.(leaf.by) ?? [],
    dependsOn: (leaf) => measureOf(leaf).dependsOn(leaf.by),
    costly: () => true,
    compile(leaf, scope, negated) {
      const ids = places(leaf).compile(ranking(leaf), scope.everybody())
      return scope.sql.among(scope.id, ids, negated)
    },
    evaluate(leaf, facts) {
      const { rank, of } = standingIn(leaf, facts)
      return rank !== null && places(leaf).include(rank, of)
    },
    seen(leaf, facts) {
      const { value, rank, of, lowest, highest } = standingIn(leaf, facts)
      const digits = measureOf(leaf).isMoney?.(leaf.by) ? facts.currencyDigits : 0
      const shown = (number: number | null): number | null => (number === null ? null : number / 10 ** digits)
      return { ...{ value: shown(value), rank, of }, lowest: shown(lowest), highest: shown(highest) }
    },
    describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
    async advise(leaf, ctx) {
      const own = (await measureOf(leaf).advise?.(leaf.by, ctx)) ?? []
      const { from, to } = leaf as Partial<PercentileLeaf>
      return from === 0 && to === 100 ? [...own, { key: 'conditions.advice.everyRank', params: {} }] : own
    },
    jsonSchema: () => jsonSchema,
    examples,
    editor: { fields },
  }
}

function standingIn(leaf: RankingLeaf, facts: Facts) {
  if (facts.standing) return facts.standing(leaf)
  throw new TypeError(`"${leaf.type}" ranks customers against each other: load facts with their standings`)
}

/** `by` as the type that it names reads it. */
function bySchema(measures: Measures): z.ZodType<MeasuredBy> {
  return z.looseObject({ type: z.string() }).transform((by, ctx): MeasuredBy => {
    const measure = measures.get(by.type)
    if (!measure) {
      const message = unknownName('type', by.type, [...measures.keys()])
      ctx.addIssue({ code: 'custom', path: ['type'], message })
      return z.NEVER
    }
    const parsed = measure.schema.safeParse(by)
    if (parsed.success) return parsed.data as MeasuredBy
    for (const { path, message } of parsed.error.issues) ctx.addIssue({ code: 'custom', path, message })
    return z.NEVER
  })
}

function byJsonSchema(measures: Measures): object {
  return {
    anyOf: [...measures.values()].map((measure) => measure.jsonSchema?.() ?? jsonSchemaOf(measure.schema)),
  }
}

/** One of each type. */
function exampleMeasures(measures: Measures): readonly MeasuredBy[] {
  return [...measures.values()].flatMap(({ examples }) => examples.slice(0, 1) as MeasuredBy[])
}
