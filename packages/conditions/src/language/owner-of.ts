import { expressionBuilder, type ExpressionWrapper } from 'kysely'
import { boundsOf, type Window } from '../window/window.ts'
import type { SqlScope } from '../sql-scope.ts'

// `any`: tables are known only at run time.
const eb = expressionBuilder<any, any>()

/**
 * The customer of rows in a window, to group them by: all rows in the order of customers are more than those since the
 * window began, which SQLite cannot know.
 */
export function ownerOf(
  column: string,
  within: Window | undefined,
  scope: SqlScope,
): ExpressionWrapper<any, any, any> {
  const owner = eb.ref(column)
  const isNarrow = Number.isFinite(boundsOf(within, scope).from)
  return isNarrow && !scope.isNarrowed ? scope.sql.unindexed(owner) : owner
}
