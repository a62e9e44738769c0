import type { AnyEntity } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Condition } from '../condition.ts'
import type { Environment } from '../environment.ts'
import type { CompileTarget, SqlScope } from '../sql-scope.ts'
import { joinedOrApart } from './joined-or-apart.ts'
import type { Language } from './language.ts'
import { entitiesOf, leavesOf, visit } from './walk.ts'

/** Which customers a condition is asked of. */
export interface Among {
  /** Only these; at most 1,000. @default everybody */
  readonly ids?: readonly string[] | undefined
  /** Only those whose id comes after this one. @default from the first */
  readonly after?: string | null | undefined
  /** Only those up to this id, itself included. @default to the last */
  readonly until?: string | null | undefined
  /** `ids` are a sample, this part of all customers, and are ranked for all. @default everybody is ranked */
  readonly share?: number | undefined
}

/**
 * The subjects that meet a condition, without a select list: add `select`, `orderBy`, `limit`. Extensions join 1:1, so
 * no subject appears twice.
 *
 * @example
 * membersQuery(ctx, language, condition, environment).select('customers.id').orderBy('customers.id').limit(10)
 */
export function membersQuery(
  target: CompileTarget,
  language: Language,
  condition: Condition,
  environment: Environment,
  among: Among = {},
): SelectQueryBuilder<any, any, {}> {
  const query = subjectsQuery(target, language, [condition], among)
  const scope = joinedOrApart(language, condition, scopeOf(target, language, environment, among))
  const where = compileCondition(language, condition, scope)
  return where ? query.where(where) : query
}

/**
 * What the subjects answer to several conditions: a row for each with its `id` and, by place, `answer0`, `answer1`, …,
 * 1 where the condition is met and 0 where it is not. Removed subjects have no row.
 *
 * @param conditions a few dozen at most
 */
export function answersQuery(
  target: CompileTarget,
  language: Language,
  conditions: readonly Condition[],
  environment: Environment,
  among: Among,
): SelectQueryBuilder<any, any, { id: string } & Record<`answer${number}`, number>> {
  const scope = scopeOf(target, language, environment, among)
  const answers = conditions.map((condition, place) => {
    const where = compileCondition(language, condition, scope)
    const answer = where ? sql<number>`case when ${where} then 1 else 0 end` : sql<number>`1`
    return answer.as(`answer${place}`)
  })
  return subjectsQuery(target, language, conditions, among)
    .select(`${language.subject.name}.id as id`)
    .select(answers) as never
}

function subjectsQuery(
  target: CompileTarget,
  language: Language,
  conditions: readonly Condition[],
  among: Among,
): SelectQueryBuilder<any, any, {}> {
  const subject = language.subject.name
  let query = target.db.selectFrom(subject) as SelectQueryBuilder<any, any, {}>
  const entities = new Set(conditions.flatMap((condition) => entitiesOf(language, condition)))
  for (const entity of entities) query = query.innerJoin(entity.name, `${entity.name}.id`, `${subject}.id`)
  return narrowed(query, idOf(language.subject), target, among)
}

function narrowed(
  query: SelectQueryBuilder<any, any, {}>,
  owner: Expression<unknown>,
  target: CompileTarget,
  { ids, after, until }: Among,
): SelectQueryBuilder<any, any, {}> {
  let rows = query
  if (ids) rows = rows.where(target.sql.anyOf(owner, 'uuid', ids))
  if (after) rows = rows.where((eb) => eb(owner, '>', target.sql.value('uuid', after)))
  if (until) rows = rows.where((eb) => eb(owner, '<=', target.sql.value('uuid', until)))
  return rows
}

/** What leaves may use in a query over these subjects. */
export function scopeOf(
  target: CompileTarget,
  { subject }: Pick<Language, 'subject'>,
  environment: Environment,
  among: Among,
): SqlScope {
  return {
    ...environment,
    sql: target.sql,
    column,
    id: idOf(subject),
    isNarrowed: Object.values(among).some(Boolean),
    everybody: () => scopeOf(target, { subject }, environment, among.share === undefined ? {} : among),
    share: among.share ?? 1,
    rowsOf(entity, owner) {
      const rows = target.db.selectFrom(entity.name) as SelectQueryBuilder<any, any, {}>
      return narrowed(rows, column(entity, owner), target, among)
    },
    rows: (entity) => target.dbWithRemoved.selectFrom(entity.name) as SelectQueryBuilder<any, any, {}>,
  }
}

function idOf(entity: AnyEntity): Expression<string> {
  return column(entity, 'id') as Expression<string>
}

/** A column as the queries of this folder name it. */
export function column(entity: AnyEntity, property: string): Expression<unknown> {
  return expressionBuilder<any, any>().ref(`${entity.name}.${property}`)
}

/**
 * The condition as a predicate; null when it is always true. Negation is pushed down to the leaves, each of which knows
 * its own exact complement, so SQL's third truth value never decides anything.
 */
export function compileCondition(
  language: Language,
  condition: Condition,
  scope: SqlScope,
): Expression<SqlBool> | null {
  const compiled = compile(language, condition, scope, false)
  return compiled === true ? null : toPredicate(compiled)
}

/** A predicate, or a constant that a group around it folds away. */
type Compiled = Expression<SqlBool> | boolean

function compile(language: Language, condition: Condition, scope: SqlScope, negated: boolean): Compiled {
  const each = (parts: readonly Condition[]): Compiled[] =>
    cheapFirst(language, parts).map((part) => compile(language, part, scope, negated))
  return visit<Compiled>(condition, {
    all: (parts) => (negated ? or(each(parts)) : and(each(parts))),
    any: (parts) => (negated ? and(each(parts)) : or(each(parts))),
    not: (part) => compile(language, part, scope, !negated),
    atLeast(count, parts) {
      const own = parts.filter((part) => entitiesOf(language, part).length === 0)
      const some = (of: readonly Condition[]): Compiled[] =>
        of.map((part) => compile(language, part, scope, false))
      const total = atLeast(count, some(parts), negated)
      // What extensions cannot make up for is asked of the subject first: fewer of their rows are looked up.
      const missing = count - (parts.length - own.length)
      if (negated || missing < 1 || own.length === parts.length) return total
      return and([missing === 1 ? or(some(own)) : atLeast(missing, some(own), false), total])
    },
    leaf: (leaf) => language.typeOf(leaf).compile(leaf, scope, negated),
  })
}

function cheapFirst(language: Language, parts: readonly Condition[]): readonly Condition[] {
  const costly = (part: Condition): boolean =>
    leavesOf(part).some((leaf) => language.typeOf(leaf).costly?.(leaf) ?? false)
  return [...parts.filter((part) => !costly(part)), ...parts.filter(costly)]
}

function and(parts: readonly Compiled[]): Compiled {
  if (parts.includes(false)) return false
  const left = parts.filter((part) => part !== true) as Expression<SqlBool>[]
  return left.length === 0 ? true : expressionBuilder<any, any>().and(left)
}

function or(parts: readonly Compiled[]): Compiled {
  if (parts.includes(true)) return true
  const left = parts.filter((part) => part !== false) as Expression<SqlBool>[]
  return left.length === 0 ? false : expressionBuilder<any, any>().or(left)
}

function atLeast(count: number, parts: readonly Compiled[], negated: boolean): Compiled {
  const ones = parts.map((part) => sql<number>`case when ${toPredicate(part)} then 1 else 0 end`)
  const total = sql<number>`(${sql.join(ones, sql` + `)})`
  return expressionBuilder<any, any>()(total, negated ? '<' : '>=', sql.lit(count))
}

function toPredicate(compiled: Compiled): Expression<SqlBool> {
  if (typeof compiled !== 'boolean') return compiled
  return compiled ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`
}
