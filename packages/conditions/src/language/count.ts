import type { AnyEntity } from '@clientele/core'
import { expressionBuilder, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Condition } from '../condition.ts'
import type { Environment } from '../environment.ts'
import type { CompileTarget, SqlScope } from '../sql-scope.ts'
import { isOnceEach } from '../ranking/once-each.ts'
import { column, compileCondition, membersQuery, scopeOf } from './compile.ts'
import { joinedOrApart } from './joined-or-apart.ts'
import type { Language } from './language.ts'
import { entitiesOf, visit } from './walk.ts'

// `any`: tables are known only at run time.
type Query = SelectQueryBuilder<any, any, {}>
type CountQuery = SelectQueryBuilder<any, any, { count: number }>

const eb = expressionBuilder<any, any>()
const countAll = eb.fn.countAll<number>().as('count')

/**
 * How many subjects meet a condition: one row with `count`.
 *
 * The table of subjects is not walked where the condition reads none of its columns: a set that a leaf looks up is
 * counted, or extensions are, in which every subject has its row. Removed subjects, which are few, are taken off.
 */
export function countQuery(
  target: CompileTarget,
  language: Language,
  condition: Condition,
  environment: Environment,
): CountQuery {
  const question: Question = { target, language, condition, environment }
  return (
    countOfSet(question) ??
    countOfExtensions(question) ??
    membersQuery(target, language, condition, environment).select(countAll)
  )
}

interface Question {
  readonly target: CompileTarget
  readonly language: Language
  readonly condition: Condition
  readonly environment: Environment
}

/** A sub-query that a leaf looks the subject up in. */
interface SubjectSet {
  // `any`: the tables of the sub-query are its leaf's.
  readonly ids: SelectQueryBuilder<any, any, { id: any }>
  readonly negated: boolean
}

/** The subjects of a set that meet the other parts as well; or, of a set alone, all but those in it. */
function countOfSet({ target, language, condition, environment }: Question): CountQuery | null {
  const { subject } = language
  const id = eb.ref('counted.id') as unknown as Expression<string>
  const sets = new Map<unknown, SubjectSet>()
  const whole = joinedOrApart(language, condition, scopeOf(target, language, environment, {}))
  const scope = recording({ ...whole, id }, { among: (found, set) => sets.set(found, set) })
  const parts = partsOf(condition).map((part) => compileCondition(language, part, scope.scope))
  if (scope.read.has(subject)) return null
  const base = parts.findIndex((part) => sets.get(part)?.negated === false)
  const only = parts.length === 1 ? sets.get(parts[0]) : undefined
  const set = base >= 0 ? sets.get(parts[base]) : only
  if (!set) return null
  const others = parts.filter((part, index) => part !== null && index !== base && sets.get(part) !== set)
  const found = (others as Expression<SqlBool>[]).reduce(
    (query, other) => query.where(other),
    withoutRemoved(target, subject, membersOf(set, target)),
  )
  const counted = entitiesOf(language, condition)
    .reduce((query, entity) => query.innerJoin(entity.name, `${entity.name}.id`, 'counted.id'), found)
    .select(countAll)
  return set.negated ? difference(target, [everybody(target, subject), counted]) : counted
}

/** The set's subjects, each once, as `counted`. */
function membersOf({ ids }: SubjectSet, { dbWithRemoved }: CompileTarget): Query {
  return dbWithRemoved.selectFrom((isOnceEach(ids) ? ids : ids.distinct()).as('counted'))
}

function withoutRemoved(target: CompileTarget, subject: AnyEntity, counted: Query): Query {
  if (!subject.options.softDelete) return counted
  const ids = removed(target, subject).select(`${subject.name}.id as id`)
  return counted.where(target.sql.among(eb.ref('counted.id'), ids as never, true))
}

function everybody(target: CompileTarget, subject: AnyEntity): CountQuery {
  const all = target.dbWithRemoved.selectFrom(subject.name).select(countAll) as CountQuery
  if (!subject.options.softDelete) return all
  return difference(target, [all, removed(target, subject).select(countAll)])
}

function removed({ dbWithRemoved }: CompileTarget, { name }: AnyEntity): Query {
  return dbWithRemoved.selectFrom(name).where(`${name}.deletedAt`, 'is not', null)
}

/** The parts of which each must be met. */
function partsOf(condition: Condition): readonly Condition[] {
  const itself = [condition]
  return visit<readonly Condition[]>(condition, {
    all: (parts) => parts.flatMap(partsOf),
    any: () => itself,
    not: () => itself,
    atLeast: () => itself,
    leaf: () => itself,
  })
}

/** The rows of extensions that meet the condition. */
function countOfExtensions({ target, language, condition, environment }: Question): CountQuery | null {
  const { subject } = language
  const [first, ...others] = entitiesOf(language, condition)
  if (!first) return null
  const id = column(first, 'id') as Expression<string>
  const { scope, read } = recording({ ...scopeOf(target, language, environment, {}), id }, {})
  const where = compileCondition(language, condition, scope)
  if (!where || read.has(subject)) return null
  const counted = (from: Query): CountQuery =>
    others
      .reduce((query, other) => query.innerJoin(other.name, `${other.name}.id`, `${first.name}.id`), from)
      .where(where)
      .select(countAll)
  const all = counted(target.dbWithRemoved.selectFrom(first.name) as Query)
  if (!subject.options.softDelete) return all
  const gone = removed(target, subject).innerJoin(first.name, `${first.name}.id`, `${subject.name}.id`)
  return difference(target, [all, counted(gone as Query)])
}

function difference(
  { dbWithRemoved }: CompileTarget,
  [from, less]: readonly [CountQuery, CountQuery],
): CountQuery {
  return dbWithRemoved.selectNoFrom((none) =>
    none(from as Expression<any>, '-', less as Expression<any>).as('count'),
  ) as CountQuery
}

/** A scope that says which entities' columns were read and which sets were looked up. */
function recording(
  scope: SqlScope,
  heard: { readonly among?: (found: unknown, set: SubjectSet) => void },
): { readonly scope: SqlScope; readonly read: ReadonlySet<AnyEntity> } {
  const read = new Set<AnyEntity>()
  return {
    read,
    scope: {
      ...scope,
      column(entity, property) {
        read.add(entity)
        return scope.column(entity, property)
      },
      sql: {
        ...scope.sql,
        among(value, ids, negated = false) {
          const found = scope.sql.among(value, ids, negated)
          heard.among?.(found, { ids, negated })
          return found
        },
      },
    },
  }
}
