import type { ExpressionBuilder, Kysely, SelectQueryBuilder } from 'kysely'
import { isTransaction, type InternalCtx, type Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { isCommonSearch, searchCondition } from '../search/search-condition.ts'
import { listColumn, selectionOf, type Selection, type ListColumn } from './list-columns.ts'
import { readCursor, writeCursor, type CursorScope } from './list-cursor.ts'
import { isShortList } from './list-lane.ts'
import type { ListQuery, Page } from './list-query.ts'
import {
  afterCondition,
  boundValues,
  filterConditions,
  isPreparable,
  type Bind,
  type KeysetColumn,
} from './list-where.ts'

type Row = Record<string, unknown>
// `any`: the tables are those of whatever entity is listed.
type Select = SelectQueryBuilder<any, any, any>

type ListRuntime = Pick<Runtime, 'keys' | 'registry' | 'sql' | 'storage'>

/** Beyond this an estimate says "at least". */
const ESTIMATE_LIMIT = 10_000

/**
 * One page of an entity's rows. Pages are found by key (the values of the sort columns of the last row), so they
 * neither skip nor repeat rows when others are added; with `skip` by position.
 *
 * @param toRow turns a selected record into a row; may change the record.
 * @throws `http.invalid_cursor`
 */
export async function executeList<T extends object>(
  runtime: ListRuntime,
  ctx: InternalCtx,
  registered: RegisteredEntity,
  query: ListQuery,
  toRow: (record: Row) => T,
): Promise<Page<T>> {
  const sorts = sortColumns(registered, query)
  const list: List = { runtime, ctx, registered, query, sorts }
  const [records, total] = await Promise.all([readPage(list, keysetOf(list)), count(list)])
  const more = records.length > query.limit
  if (more) records.pop()
  const last = records.at(-1)
  // Before the records become rows: money would hide its amount.
  const nextCursor =
    more && last ? writeCursor(runtime.keys, cursorScope(list), sortValues(sorts, last)) : null
  const selection = selectionOf(registered, query.include)
  const items =
    selection.included.length === 0 && sorts.every((sort) => sort.alias === null)
      ? records.map(toRow)
      : records.map((record) => extendedItem(selection, record, toRow))
  return { items, nextCursor, ...total }
}

/** Some columns of the rows of a list, one portion after the other. */
export interface RecordsRequest {
  /** As the list protocol names them; of money also the currency: `total`, `totalCurrency`, `metrics.totalSpend`. */
  readonly columns: readonly string[]
  /** The `last` of the portion before. */
  readonly after?: readonly unknown[]
}

/**
 * At most `query.limit` records of a list, for readers of many rows who need no whole ones: the n-th column is the
 * property `c<n>`. `last` leads to the next portion; null when there is none.
 */
export async function listRecords(
  runtime: ListRuntime,
  ctx: InternalCtx,
  registered: RegisteredEntity,
  query: ListQuery,
  { columns, after }: RecordsRequest,
): Promise<{ readonly records: readonly Row[]; readonly last: readonly unknown[] | null }> {
  const sorts = sortColumns(registered, query).map((sort, index) => ({ ...sort, alias: `sort${index}` }))
  const selected = columns.map((name) => listColumn(registered, name))
  const list: List = { runtime, ctx, registered, query, sorts, part: { names: columns, selected } }
  const keyset = after ? sorts.map((sort, index) => ({ ...sort, value: after[index] })) : []
  const records = await readPage(list, keyset)
  const last = records.length < query.limit ? undefined : records.at(-1)
  return { records, last: last ? sortValues(sorts, last) : null }
}

interface SortColumn extends ListColumn {
  readonly direction: 'asc' | 'desc'
  /** Under which name the value is selected when the row itself does not carry it. */
  readonly alias: string | null
}

interface List {
  readonly runtime: ListRuntime
  readonly ctx: InternalCtx
  readonly registered: RegisteredEntity
  readonly query: ListQuery
  readonly sorts: readonly SortColumn[]
  /** Whether a search goes along the list; see `SearchText`. */
  readonly searchAlong?: boolean
  /** What is selected, where it is not the whole row. */
  readonly part?: { readonly names: readonly string[]; readonly selected: readonly ListColumn[] }
}

function sortColumns(registered: RegisteredEntity, { sort }: ListQuery): readonly SortColumn[] {
  return sort.map(({ field, direction }, index) => {
    const column = listColumn(registered, field)
    return { ...column, direction, alias: column.extension ? `sort${index}` : null }
  })
}

function sortValues(sorts: readonly SortColumn[], record: Row): unknown[] {
  return sorts.map(({ alias, column }) => record[alias ?? column.property])
}

const asValue: Bind = (_, value) => value

/**
 * Reads one row more than a page. Lists that an index leads to are compiled once per shape; the others may look at
 * the whole table, and go to the lane for that.
 */
async function readPage(list: List, keyset: readonly KeysetColumn[]): Promise<Row[]> {
  const { ctx, registered, query } = list
  const short = isTransaction(ctx) || isShortList(registered, query)
  if (!short) {
    const searchAlong = await isSearchedAlong(list)
    return ctx.population.run<Row>(pageQuery({ ...list, searchAlong }, keyset, ctx.db, asValue))
  }
  if (!isPreparable(query)) return pageQuery(list, keyset, ctx.db, asValue).execute()
  return ctx.prepared<Row>(
    shapeOf(list, keyset),
    (db, p) => pageQuery(list, keyset, db, (name) => p(name)),
    boundValues(query, keyset),
  )
}

/** A filter might leave few of the many rows that match, and another order is no order of the documents. */
async function isSearchedAlong({ runtime, ctx, registered, query }: List): Promise<boolean> {
  const { q, filters, sort, where: further } = query
  if (!q || filters.length > 0 || further || sort[0]?.field !== 'id') return false
  const scope = { runtime, tenantId: ctx.tenantId, entity: registered.entity.name }
  return isCommonSearch(scope, q, ctx.signal)
}

function keysetOf({ runtime, ctx, registered, query, sorts }: List): readonly KeysetColumn[] {
  if (query.cursor === undefined) return []
  const values = readCursor(runtime.keys, cursorScope({ ctx, registered, query }), query.cursor)
  return sorts.map((sort, index) => ({ ...sort, value: values[index] }))
}

/** All that the SQL depends on besides the values. */
function shapeOf({ registered, query, part }: List, keyset: readonly KeysetColumn[]): string {
  const { filters, sort, limit, include = [] } = query
  return [
    `list ${registered.entity.name}`,
    part ? part.names.join() : 'rows',
    include.map((entity) => entity.name).join(),
    filters.map(({ field, operator }) => `${field} ${operator}`).join(),
    sort.map(({ field, direction }) => `${field} ${direction}`).join(),
    limit,
    keyset.map(({ value }) => (value === null ? 'null' : 'value')).join(),
  ].join('/')
}

function pageQuery(list: List, keyset: readonly KeysetColumn[], db: Kysely<any>, bind: Bind): Select {
  const { registered, query, sorts } = list
  const { included } = selectionOf(registered, query.include)
  const joined = [
    ...(list.part?.selected ?? []).map((column) => column.extension),
    ...included.map((one) => one.extension),
    ...sorts.map((sort) => sort.extension),
    ...query.filters.map((filter) => listColumn(registered, filter.field).extension),
  ]
  const { helpers } = list.runtime.sql
  let select = from(db, registered, joined).select((eb) => [
    ...(list.part?.selected.map(({ ref, column }, index) =>
      column.type === 'uuid' ? helpers.result(eb.ref(ref), column.type, `c${index}`) : `${ref} as c${index}`,
    ) ?? wholeRow(eb, list)),
    ...sorts.flatMap((sort) => (sort.alias ? [`${sort.ref} as ${sort.alias}`] : [])),
  ])
  select = where(select, list, bind)
  if (keyset.length > 0) select = select.where((eb) => afterCondition(eb, keyset, bind))
  for (const { ref, direction, column } of sorts) {
    select = column.nullable
      ? select.orderBy(ref, (ob) => (direction === 'asc' ? ob.asc() : ob.desc()).nullsLast())
      : select.orderBy(ref, direction)
  }
  select = select.limit(list.part ? query.limit : query.limit + 1)
  return query.skip ? select.offset(query.skip) : select
}

// `any`: the tables are those of whatever entity is listed.
function wholeRow(eb: ExpressionBuilder<any, any>, { runtime, registered, query }: List) {
  const { columns, included } = selectionOf(registered, query.include)
  return [
    ...columns.map((property) => {
      const ref = `${registered.entity.name}.${property}`
      const type = registered.columns.get(property)?.type
      return type === 'uuid' ? runtime.sql.helpers.result(eb.ref(ref), type, property) : ref
    }),
    ...included.flatMap((one) =>
      one.columns.map((c) => `${one.extension.entity.name}.${c.property} as ${c.alias}`),
    ),
  ]
}

function from(
  db: Kysely<any>,
  registered: RegisteredEntity,
  extensions: readonly (RegisteredEntity | null)[],
): Select {
  const { name } = registered.entity
  let select: Select = db.selectFrom(name)
  for (const extension of new Set(extensions)) {
    // A row of an extension comes and goes with its base row, so an inner join loses nothing.
    if (extension)
      select = select.innerJoin(extension.entity.name, `${extension.entity.name}.id`, `${name}.id`)
  }
  return select
}

function where(select: Select, list: List, bind: Bind): Select {
  const { runtime, ctx, registered, query, searchAlong: along = false } = list
  const { filters, q, where: further } = query
  if (filters.length === 0 && !q && !further) return select
  const { tenantId } = ctx
  const entity = registered.entity.name
  return select.where((eb) =>
    eb.and([
      ...filterConditions(eb, runtime.sql.helpers, registered, filters, bind),
      ...(q ? [searchCondition(eb, { runtime, tenantId, entity }, { text: q, along })] : []),
      ...(further ? [further(eb)] : []),
    ]),
  )
}

async function count(list: List): Promise<Pick<Page<unknown>, 'total' | 'totalAtLeast'>> {
  const { ctx, registered, query } = list
  if (!query.count) return {}
  const filtered = query.filters.map((filter) => listColumn(registered, filter.field).extension)
  const included = query.where ? selectionOf(registered, query.include).included : []
  const extensions = [...filtered, ...included.map((one) => one.extension)]
  const rows = where(from(ctx.db, registered, extensions), list, asValue)
  const exact = query.count === 'exact'
  const counted = exact
    ? rows.select((eb) => eb.fn.countAll<number>().as('total'))
    : ctx.db
        .selectFrom(
          rows
            .select(`${registered.entity.name}.id`)
            .limit(ESTIMATE_LIMIT + 1)
            .as('some'),
        )
        .select((eb) => eb.fn.countAll<number>().as('total'))
  const [row] = isTransaction(ctx) ? await counted.execute() : await ctx.population.run<Row>(counted)
  const total = Number(row?.['total'] ?? 0)
  return exact || total <= ESTIMATE_LIMIT ? { total } : { total: ESTIMATE_LIMIT, totalAtLeast: true }
}

function cursorScope({ ctx, registered, query }: Pick<List, 'ctx' | 'registered' | 'query'>): CursorScope {
  return { tenantId: ctx.tenantId, entity: registered.entity.name, query }
}

function extendedItem<T extends object>(
  { columns, included }: Selection,
  record: Row,
  toRow: (record: Row) => T,
): T {
  const base: Row = {}
  for (const property of columns) base[property] = record[property]
  const item = toRow(base) as T & Row
  for (const one of included) {
    const extension: Row = {}
    for (const { property, alias } of one.columns) extension[property] = record[alias]
    ;(item as Row)[one.as] = one.shape.toRow(extension)
  }
  return item
}
