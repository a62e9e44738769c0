import type { Condition } from '../condition.ts'
import type { SqlScope } from '../sql-scope.ts'
import type { Language } from './language.ts'
import { leavesOf } from './walk.ts'

/** Sets that one statement may be joined with. */
const MOST_JOINED = 20

/** The scope of a whole condition: of one that looks up many sets none is joined, or planning it would take seconds. */
export function joinedOrApart(language: Language, condition: Condition, scope: SqlScope): SqlScope {
  const sets = leavesOf(condition).filter((leaf) => language.typeOf(leaf).costly?.(leaf) ?? false)
  if (sets.length <= MOST_JOINED) return scope
  const { sql } = scope
  return {
    ...scope,
    sql: { ...sql, among: (column, ids, negated) => sql.apart(sql.among(column, ids, negated)) },
  }
}
