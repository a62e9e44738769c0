import type { AnyEntity } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { SqlScope } from '../sql-scope.ts'
import { onceEach } from './once-each.ts'
import type { Measure, MeasuredBy } from './measure.ts'

/** How customers are ranked, and which places are meant. */
export interface Ranking {
  readonly subject: AnyEntity
  readonly by: MeasuredBy
  readonly measure: Measure
  /** Which number is first. */
  readonly direction: 'highest' | 'lowest'
  readonly places: Places
}

/** Some places of a ranking. */
export interface Places {
  /** Whether a place, from 1, of so many is one of them. */
  include(place: number, of: number): boolean
  /** The same in SQL, over the columns `place` and `of` of `placed`. */
  predicate(scope: SqlScope): Expression<SqlBool>
  /** Who has one of these places, as a column `id`. */
  compile(ranking: Ranking, scope: SqlScope): Ids
}

// `any`: of tables that are known only at run time.
type Ids = SelectQueryBuilder<any, any, { id: any }>
// `any`: as above, and numbers of any kind.
type Placed = SelectQueryBuilder<any, any, { id: any; value: any; place: number; of: number }>

const eb = expressionBuilder<any, any>()

/** The first so many places. */
export function firstPlaces(count: number): Places {
  const within = ({ share }: SqlScope): number => Math.round(count * share)
  return {
    include: (place) => place <= count,
    predicate: (scope) => eb('placed.place', '<=', within(scope)),
    compile(ranking, scope) {
      const first = eb
        .selectFrom(measuredQuery(ranking, scope).as('ranked'))
        .select('ranked.id as id')
        .orderBy('ranked.value', ranking.direction === 'highest' ? 'desc' : 'asc')
        .orderBy('ranked.id')
        .limit(within(scope))
      return onceEach(eb.selectFrom(first.as('first')).select('first.id as id'))
    },
  }
}

/** Hundredths of a percent, in which ranges are told apart by whole numbers. */
const PARTS = 10_000

/**
 * The places whose percentile rank is above `from` and at most `to`. The percentile rank is CUME_DIST of ISO/IEC 9075-2
 * (window functions) in percent over customers in the order of their numbers, the least first: 100 × p / n for the p-th
 * of n. Equal numbers are in the order of their places, so no two customers share a rank.
 */
export function placesIn(from: number, to: number): Places {
  const [above, most] = [Math.round((from * PARTS) / 100), Math.round((to * PARTS) / 100)]
  const predicate = (): Expression<SqlBool> => {
    const [place, of] = [sql.ref('placed.place'), sql.ref('placed.of')]
    const rank = sql`${sql.lit(PARTS)} * (${of} - ${place} + 1)`
    return sql<SqlBool>`(${rank} > ${sql.lit(above)} * ${of} and ${rank} <= ${sql.lit(most)} * ${of})`
  }
  return {
    include: (place, of) => PARTS * (of - place + 1) > above * of && PARTS * (of - place + 1) <= most * of,
    predicate,
    compile(ranking, scope) {
      const placed = placedQuery(ranking, scope).as('placed')
      return onceEach(eb.selectFrom(placed).where(predicate()).select('placed.id as id') as Ids)
    },
  }
}

/** Everybody who is ranked, with their `place` and how many there are. */
export function placedQuery(ranking: Ranking, scope: SqlScope): Placed {
  const [id, value] = [sql.ref('ranked.id'), sql.ref('ranked.value')]
  const direction = sql.raw(ranking.direction === 'highest' ? 'desc' : 'asc')
  return eb
    .selectFrom(measuredQuery(ranking, scope).as('ranked'))
    .select([
      ...(['ranked.id as id', 'ranked.value as value'] as const),
      sql<number>`row_number() over (order by ${value} ${direction}, ${id})`.as('place'),
      sql<number>`count(*) over ()`.as('of'),
    ]) as Placed
}

/** Everybody who has the number, once each: removed subjects have none. */
function measuredQuery({ subject, by, measure }: Ranking, scope: SqlScope): Ids {
  const measured = measure.compile(by, scope)
  const found =
    'rows' in measured ? measured.rows : columnRows({ subject, by, measure }, scope, measured.column)
  const present = eb
    .selectFrom(found.as('measured'))
    .where('measured.value', 'is not', null)
    .select(['measured.id as id', 'measured.value as value'])
  if (!('rows' in measured) || !subject.options.softDelete) return present
  const removed = scope
    .rows(subject)
    .where(`${subject.name}.deletedAt`, 'is not', null)
    .select(`${subject.name}.id as id`)
  return present.where(scope.sql.among(eb.ref('measured.id'), removed as Ids, true))
}

function columnRows(
  { subject, by, measure }: Pick<Ranking, 'subject' | 'by' | 'measure'>,
  scope: SqlScope,
  column: Expression<unknown>,
): Ids {
  let query = scope.rowsOf(subject, 'id')
  for (const { name } of measure.needs(by)) query = query.innerJoin(name, `${name}.id`, `${subject.name}.id`)
  return query.select([`${subject.name}.id as id`, sql`${column}`.as('value')]) as Ids
}
