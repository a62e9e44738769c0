import type { SelectQueryBuilder } from 'kysely'

const once = new WeakSet<object>()

/**
 * Says that a sub-query names every subject at most once, so that a count need not look for those named again.
 *
 * @param ids what is looked up by `scope.sql.among`
 */
// `any`: of any tables.
export function onceEach<Q extends SelectQueryBuilder<any, any, { id: any }>>(ids: Q): Q {
  once.add(ids)
  return ids
}

/** Whether it was said, or is so by its grouping. */
// `any`: of any tables.
export function isOnceEach(ids: SelectQueryBuilder<any, any, { id: any }>): boolean {
  return once.has(ids) || ids.toOperationNode().groupBy !== undefined
}
