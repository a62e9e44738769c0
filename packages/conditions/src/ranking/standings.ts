import { expressionBuilder, sql, type SelectQueryBuilder } from 'kysely'
import type { Condition, Leaf } from '../condition.ts'
import type { Environment } from '../environment.ts'
import type { Facts, Standing } from '../facts/facts.ts'
import type { CompileTarget } from '../sql-scope.ts'
import { scopeOf } from '../language/compile.ts'
import type { Language } from '../language/language.ts'
import { leavesOf } from '../language/walk.ts'
import { placedQuery, type Ranking } from './ranked-query.ts'
import { isRankingType } from './ranking-conditions.ts'

/** A leaf that ranks, and how. */
export interface RankedLeaf {
  readonly leaf: Leaf
  readonly ranking: Ranking
}

/** The leaves of a condition that rank customers against each other, each once. */
export function rankedLeaves(language: Language, condition: Condition): readonly RankedLeaf[] {
  const leaves = new Map(leavesOf(condition).map((leaf) => [keyOf(leaf), leaf]))
  return [...leaves.values()].flatMap((leaf) => {
    const type = language.typeOf(leaf)
    return isRankingType(type) ? [{ leaf, ranking: type.ranking(leaf as never) }] : []
  })
}

const eb = expressionBuilder<any, any>()

/** Where one customer stands: a row of a {@link Standing}. Goes through everybody once. */
export function standingQuery(
  target: CompileTarget,
  language: Language,
  { ranking }: RankedLeaf,
  environment: Environment,
  customerId: string,
): SelectQueryBuilder<any, any, Standing> {
  const scope = scopeOf(target, language, environment, {})
  const own = eb('placed.id', '=', scope.sql.value('uuid', customerId))
  const met = ranking.places.predicate(scope)
  const [place, value, of] = ['place', 'value', 'of'].map((name) => sql.ref(`placed.${name}`))
  const real = (of: ReturnType<typeof sql>, as: string) =>
    scope.sql.as(sql<number | null>`cast(${of} as double precision)`, 'real', as)
  return target.db
    .selectFrom(placedQuery(ranking, scope).as('placed'))
    .select([
      real(sql`max(case when ${own} then ${value} end)`, 'value'),
      scope.sql.as(sql<number | null>`max(case when ${own} then ${place} end)`, 'integer', 'rank'),
      scope.sql.as(sql<number>`coalesce(max(${of}), 0)`, 'integer', 'of'),
      real(sql`min(case when ${met} then ${value} end)`, 'lowest'),
      real(sql`max(case when ${met} then ${value} end)`, 'highest'),
    ]) as never
}

/** The same facts, with where each of these customers stands by each leaf. */
export function withStandings(
  facts: Facts,
  standings: readonly { readonly leaf: Leaf; readonly standing: Standing }[],
): Facts {
  const known = new Map(standings.map(({ leaf, standing }) => [keyOf(leaf), standing]))
  return { ...facts, standing: (leaf) => known.get(keyOf(leaf)) ?? unknown(leaf) }
}

/**
 * Ranks customers in memory, by the facts of all that there are: the second back end of what ranks. Answers the same
 * facts, with their standings.
 */
export function rankEverybody(
  language: Language,
  condition: Condition,
  everybody: ReadonlyMap<string, Facts>,
): ReadonlyMap<string, Facts> {
  const ranked = rankedLeaves(language, condition).map(({ leaf, ranking }) => ({
    leaf,
    standingOf: standingsBy(ranking, everybody),
  }))
  return new Map(
    [...everybody].map(([id, facts]) => {
      const standings = ranked.map(({ leaf, standingOf }) => ({ leaf, standing: standingOf(id) }))
      return [id, withStandings(facts, standings)]
    }),
  )
}

function standingsBy(
  { by, measure, direction, places }: Ranking,
  everybody: ReadonlyMap<string, Facts>,
): (id: string) => Standing {
  const sign = direction === 'highest' ? -1 : 1
  const numbers = [...everybody].flatMap(([id, facts]) => {
    const value = measure.evaluate(by, facts)
    return value === null ? [] : [{ id, value }]
  })
  const placed = numbers.toSorted((a, b) => sign * (a.value - b.value) || (a.id < b.id ? -1 : 1))
  const of = placed.length
  const values = placed.filter((_, index) => places.include(index + 1, of)).map(({ value }) => value)
  const ends = {
    lowest: values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b)),
    highest: values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b)),
  }
  const ranks = new Map(placed.map(({ id, value }, index) => [id, { value, rank: index + 1 }]))
  return (id) => ({ ...(ranks.get(id) ?? { value: null, rank: null }), of, ...ends })
}

function keyOf(leaf: Leaf): string {
  return JSON.stringify(leaf)
}

function unknown({ type }: Leaf): never {
  throw new TypeError(`where the customer stands by this "${type}" was not loaded`)
}
