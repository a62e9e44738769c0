import type { RegisteredEntity } from '../plugin/registry.ts'
import { listColumn, type ListColumn } from './list-columns.ts'
import type { ListQuery } from './list-query.ts'

const SHORT_SKIP = 1000

/**
 * True when an index leads straight to the page, so that the statement may run on SQLite's main-thread reader.
 * Everything else may look at the whole table and goes to the population lane.
 */
export function isShortList(registered: RegisteredEntity, query: ListQuery): boolean {
  if (query.q || query.where || (query.skip ?? 0) > SHORT_SKIP) return false
  if (query.filters.length > 0) return query.filters.some((filter) => isSelective(registered, filter))
  const [first] = query.sort
  if (!first || query.sort.length > 2) return false
  const column = listColumn(registered, first.field)
  return (
    first.field === 'id' || (!column.extension && !column.column.nullable && isIndexed(registered, column))
  )
}

/** Equality on a key or a reference leaves few rows, whatever else is asked. */
function isSelective(
  registered: RegisteredEntity,
  { field, operator }: ListQuery['filters'][number],
): boolean {
  if (operator !== 'eq' && operator !== 'in') return false
  if (field === 'id' || field === 'externalId') return true
  const spec = registered.entity.columns[field]?.spec
  return spec !== undefined && (spec.unique || spec.reference !== undefined)
}

function isIndexed({ table }: RegisteredEntity, { column }: ListColumn): boolean {
  const lead = table.tenancy === 'tenant' ? 1 : 0
  return table.indexes.some((index) => index.columns[lead] === column.name && index.where === undefined)
}
