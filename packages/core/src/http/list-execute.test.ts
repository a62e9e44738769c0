import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import type { Migration } from '../migration/migration.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { crudRoutes, extendedRow } from './crud.ts'
import { listQuery } from './list-protocol.ts'
import type { ListQueryInput, Page } from './list-query.ts'

const Item = defineEntity(
  'items',
  {
    name: col.text().nullable().filterable().sortable().searchable(),
    stock: col.integer().nullable().filterable().sortable(),
    price: col.money().nullable().filterable().sortable(),
    soldAt: col.timestamp().nullable().filterable().sortable(),
    kind: col.enum(['a', 'b', 'c']).filterable().sortable(),
    active: col.boolean().filterable().sortable(),
    token: col.secret().nullable(),
  },
  { softDelete: true, importable: true, indexes: [{ on: ['kind'] }] },
)
const Metrics = extendEntity(
  Item,
  'itemMetrics',
  { total: col.integer().default(0).filterable().sortable(), best: col.money().nullable() },
  { as: 'metrics' },
)
const create: Migration = {
  async up(m) {
    await m.createTable(Item)
    await m.createTable(Metrics)
  },
  async down(m) {
    await m.dropTable('itemMetrics')
    await m.dropTable('items')
  },
}
const shelf = definePlugin({
  id: 'shelf',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Item, Metrics],
  migrations: { '0001-items': create },
  permissions: { 'shelf:read': { label: 'Read' }, 'shelf:write': { label: 'Write' } },
  routes: crudRoutes(Item, {
    path: '/api/v1/items',
    read: 'shelf:read',
    write: 'shelf:write',
    extensions: [Metrics],
  }),
})
const schema = listQuery(Item, { extensions: [Metrics] })

type Row = Readonly<Record<string, any>>

/** Small seeded numbers: the same rows and questions on every run and database. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

function randomItem(roll: (sides: number) => number): any {
  const maybe = <T>(value: T): T | null => (roll(4) === 0 ? null : value)
  return {
    name: maybe(['Ann', 'bob', 'ANNA', 'a%b', 'a_b', 'axb', 'Zoë', ''][roll(8)]),
    stock: maybe(roll(5) - 2),
    price: maybe({ amount: roll(3) * 100, currency: 'EUR' }),
    soldAt: maybe(`2026-01-0${1 + roll(4)}T00:00:00.000Z`),
    kind: ['a', 'b', 'c'][roll(3)],
    active: roll(2) === 0,
  }
}

const COLUMNS = ['name', 'stock', 'price', 'soldAt', 'kind', 'active', 'metrics.total', 'id', 'createdAt']

/** The value a row is filtered and sorted by. */
function valueOf(row: Row, field: string): any {
  const value = field.split('.').reduce<any>((inner, part) => inner?.[part], row)
  return value !== null && typeof value === 'object' ? value.amount : value
}

function compare(a: any, b: any): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** What the list should answer, worked out in memory. */
function expected(rows: readonly Row[], input: ListQueryInput): string[] {
  const query = schema.parse(input)
  return rows
    .filter((row) =>
      query.filters.every(({ field, operator, value }) => holds(valueOf(row, field), operator, value)),
    )
    .toSorted((left, right) => {
      for (const { field, direction } of query.sort) {
        const [a, b] = [valueOf(left, field), valueOf(right, field)]
        if (a === null && b === null) continue
        if (a === null || b === null) return a === null ? 1 : -1
        const order = compare(a, b)
        if (order !== 0) return direction === 'asc' ? order : -order
      }
      return 0
    })
    .map((row) => row['id'] as string)
}

function holds(actual: any, operator: string, value: any): boolean {
  if (operator === 'isNull') return (actual === null) === value
  if (operator === 'ne') return actual !== value
  if (actual === null) return false
  const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  switch (operator) {
    case 'in':
      return value.includes(actual)
    case 'contains':
      return fold(actual).includes(fold(value))
    case 'startsWith':
      return fold(actual).startsWith(fold(value))
    case 'eq':
      return actual === value
    case 'gt':
      return actual > value
    case 'gte':
      return actual >= value
    case 'lt':
      return actual < value
    default:
      return actual <= value
  }
}

const FILTERS: readonly ListQueryInput[] = [
  {},
  { 'name.contains': 'AN' },
  { 'name.contains': '%' },
  { 'name.startsWith': 'a_' },
  { 'name.contains': 'Ë' },
  { name: 'bob' },
  { name: '' },
  { 'name.ne': 'bob' },
  { 'name.isNull': true },
  { 'name.in': 'Ann,bob' },
  { 'stock.gte': 0 },
  { 'stock.lt': 0 },
  { 'price.gt': 0 },
  { price: 100 },
  { 'price.isNull': false },
  { 'soldAt.lte': '2026-01-02T00:00:00.000Z' },
  { 'soldAt.in': ['2026-01-01T00:00:00.000Z', '2026-01-03T00:00:00.000Z'] },
  { active: true, 'kind.in': 'a,b' },
  { kind: 'c' },
  { 'metrics.total.gte': 2 },
]

eachStorage((storage) => {
  /** A shelf of 60 items of which a page shows a few. */
  async function shelfOf(count: number, seed = 1) {
    const t = await createTestClientele({ storage, plugins: [shelf()], tenancy: { mode: 'multi' } })
    const roll = dice(seed)
    const scope = t.as({ tenantId: 'own' })
    await scope.tx(async (tx) => {
      const rows = await tx.repo(Item).insertMany(Array.from({ length: count }, () => randomItem(roll)))
      for (const row of rows) await tx.repo(Metrics).patch(row.id, { total: roll(4) })
    })
    const list = (input: ListQueryInput): Promise<Page<Row>> => scope.ctx.repo(Item).list(schema.parse(input))
    const pages = async (input: ListQueryInput): Promise<Row[]> => {
      const items: Row[] = []
      let cursor: string | undefined
      do {
        const page: Page<Row> = await list({ ...input, ...(cursor === undefined ? {} : { cursor }) })
        items.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      return items
    }
    return { t, scope, list, pages, all: (await list({ limit: 200 })).items }
  }

  test('pages put together are the whole list in order, whatever it is sorted and filtered by', async () => {
    const { pages, all } = await shelfOf(60)
    const roll = dice(7)
    for (let round = 0; round < 120; round++) {
      const columns = Array.from({ length: 1 + roll(3) }, () => COLUMNS[roll(COLUMNS.length)]!)
      const sort = [...new Set(columns)].map((column) => (roll(2) === 0 ? column : `-${column}`)).join(',')
      const input = { ...FILTERS[round % FILTERS.length], sort, limit: 1 + roll(13) } as ListQueryInput
      const ids = (await pages(input)).map((row) => row['id'])
      expect({ input, ids }).toEqual({ input, ids: expected(all, input) })
    }
  })

  test('an item is exactly what the schema of the list says, so that nothing needs to be stripped', async () => {
    const { list } = await shelfOf(3)
    const { items } = await list({ sort: '-metrics.total', limit: 1 })
    const { shape } = extendedRow(Item, [Metrics]) as z.ZodObject
    expect(Object.keys(items[0]!).toSorted()).toEqual(Object.keys(shape).toSorted())
    expect(Object.keys(items[0]!['metrics']).toSorted()).toEqual(['best', 'total'])
    expect(Object.keys((shape['metrics'] as z.ZodObject).shape).toSorted()).toEqual(['best', 'total'])
  })

  test('rows added while paging neither repeat nor hide others', async () => {
    const { list, scope, all } = await shelfOf(20)
    const first = await list({ limit: 10 })
    await scope.tx((tx) => tx.repo(Item).insertMany(Array.from({ length: 5 }, () => randomItem(dice(3)))))
    const second = await list({ limit: 10, cursor: first.nextCursor! })
    expect([...first.items, ...second.items].map((row) => row['id'])).toEqual(all.map((row) => row['id']))
    expect(second.nextCursor).toBeNull()
  })

  test('a cursor opens only the list, sort, filter and tenant it was made for', async () => {
    const { t, list } = await shelfOf(10)
    const { nextCursor } = await list({ limit: 2, sort: 'stock', 'name.isNull': false })
    const cursor = nextCursor!
    const [payload, signature] = cursor.split('.') as [string, string]
    const forged = Buffer.from('[1,"x"]').toString('base64url')
    const wrong: ListQueryInput[] = [
      { cursor, sort: 'stock' },
      { cursor, sort: '-stock', 'name.isNull': false },
      { cursor, sort: 'stock', 'name.isNull': true },
      { cursor, sort: 'stock', 'name.isNull': false, q: 'a' },
      ...[
        `${forged}.${signature}`,
        payload,
        `${payload}.`,
        `.${signature}`,
        `${cursor}x`,
        'x.y',
        '.',
        '',
      ].map((bad) => ({
        cursor: bad,
        sort: 'stock',
        'name.isNull': false,
      })),
    ]
    for (const input of wrong) {
      await expect(list(input).then(() => input)).rejects.toMatchObject({ code: 'http.invalid_cursor' })
    }
    const other = t.as({ tenantId: 'other' })
    const stolen = schema.parse({ cursor, sort: 'stock', 'name.isNull': false })
    await expect(other.ctx.repo(Item).list(stolen)).rejects.toMatchObject({ code: 'http.invalid_cursor' })
    expect(
      (await list({ cursor, limit: 100, sort: 'stock', 'name.isNull': false })).items.length,
    ).toBeGreaterThan(0)
  })

  test('a total is counted only when asked for, over the filter and not the page', async () => {
    const { list, all } = await shelfOf(30)
    const some = all.filter((row) => row['kind'] === 'a').length
    expect((await list({ kind: 'a', limit: 1 })).total).toBeUndefined()
    expect(await list({ kind: 'a', limit: 1, count: 'exact' })).toMatchObject({ total: some })
    expect(await list({ kind: 'a', limit: 1, count: 'estimate' })).toMatchObject({ total: some })
    expect((await list({ kind: 'a', limit: 1, count: 'estimate' })).totalAtLeast).toBeUndefined()
  })

  test('skip leaves rows out, and the search looks into searchable columns only', async () => {
    const { list, all } = await shelfOf(30)
    const { items } = await list({ skip: 5, limit: 3 })
    expect(items.map((row) => row['id'])).toEqual(all.slice(5, 8).map((row) => row['id']))
    const found = await list({ q: 'aNn', limit: 100 })
    expect(found.items.map((row) => row['id'])).toEqual(expected(all, { 'name.contains': 'ann' }))
  })

  test('a removed row is in no list, and a transaction lists what it wrote', async () => {
    const { scope, list, all } = await shelfOf(5)
    const [gone] = all
    await scope.tx((tx) => tx.repo(Item).remove(gone!['id']))
    expect((await list({ count: 'exact' })).total).toBe(4)
    const seen = await scope.tx(async (tx) => {
      await tx.repo(Item).insert({ name: 'new', kind: 'a', active: true })
      return tx.repo(Item).list(schema.parse({ 'name.contains': 'new', count: 'exact' }))
    })
    expect(seen.total).toBe(1)
  })

  test('the derived routes create, read, change, replace and remove over HTTP', async () => {
    const { t } = await shelfOf(0)
    const created = await t.fetch('/api/v1/items', {
      method: 'POST',
      body: { kind: 'a', active: true, name: 'One' },
    })
    expect(created.status).toBe(201)
    const path = created.headers.get('location')!
    expect(path).toBe(`/api/v1/items/${created.json.id}`)
    const read = await t.fetch(path)
    expect(read.json).toEqual({ ...created.json, metrics: { total: 0, best: null } })
    expect(read.headers.get('etag')).toBe('"1"')

    const patched = await t.fetch(path, {
      method: 'PATCH',
      headers: { 'if-match': '"1"' },
      body: { stock: 5 },
    })
    expect([patched.status, patched.json.stock, patched.headers.get('etag')]).toEqual([200, 5, '"2"'])
    const stale = await t.fetch(path, { method: 'PATCH', headers: { 'if-match': '"1"' }, body: { stock: 6 } })
    expect([stale.status, stale.json.code, stale.json.current.stock]).toEqual([
      412,
      'entity.stale_version',
      5,
    ])

    const replaced = await t.fetch(path, { method: 'PUT', body: { kind: 'b', active: false } })
    expect(replaced.json).toMatchObject({ kind: 'b', name: null, stock: null, version: 3 })
    const listed = await t.fetch('/api/v1/items?kind=b&count=exact')
    expect(listed.json).toMatchObject({ total: 1, nextCursor: null, items: [{ id: created.json.id }] })

    expect((await t.fetch(path, { method: 'DELETE', headers: { 'if-match': '"2"' } })).status).toBe(412)
    expect((await t.fetch(path, { method: 'DELETE' })).status).toBe(204)
    expect((await t.fetch(path)).json.code).toBe('entity.not_found')
  })

  test('the same routes are typed functions in process, with the same refusals', async () => {
    const { scope } = await shelfOf(0)
    const api = scope.api.shelf
    const made = await api.create({ body: { kind: 'a', active: true } })
    expect((await api.get({ params: { id: made.id } })).kind).toBe('a')
    expect((await api.list({ query: { kind: 'a', limit: 1 } })).items).toHaveLength(1)
    await expect(api.create({ body: { kind: 'x' } as never })).rejects.toMatchObject({
      code: 'http.invalid_request',
    })
    await expect(api.list({ query: { nothing: 1 } as never })).rejects.toMatchObject({
      code: 'http.unknown_field',
    })
    await expect(api.get({ params: { id: 'x' } })).rejects.toMatchObject({ code: 'http.invalid_request' })
  })
})
