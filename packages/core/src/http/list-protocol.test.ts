import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import { listQuery } from './list-protocol.ts'

const Note = defineEntity(
  'notes',
  {
    title: col.text().filterable().sortable().searchable(),
    email: col.text(z.email()).nullable().filterable(),
    status: col.enum(['draft', 'open', 'done']).filterable(),
    pages: col.integer().filterable().sortable(),
    price: col.money().nullable().filterable().sortable(),
    pinned: col.boolean().filterable(),
    hidden: col.text(),
    token: col.secret(),
  },
  { softDelete: true, importable: true },
)
const Score = extendEntity(
  Note,
  'noteScores',
  { score: col.real().default(0).filterable().sortable() },
  { as: 'metrics' },
)
const schema = listQuery(Note, { extensions: [Score], extra: z.object({ mine: z.stringbool().optional() }) })
const parse = (query: string) => schema.parse(Object.fromEntries(new URLSearchParams(query)))
const codeOf = (query: string): unknown => {
  try {
    return schema.safeParse(Object.fromEntries(new URLSearchParams(query))).success
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('without parameters it is the newest 50', () => {
  expect(listQuery(Note).parse({})).toEqual({
    filters: [],
    sort: [{ field: 'id', direction: 'desc' }],
    limit: 50,
  })
})

test('values are read by the kind of their column', () => {
  const query = parse(
    'status.in=draft,open&pages.gte=3&price.lt=1999&pinned=true&metrics.score=1.5&email.isNull=false' +
      '&createdAt.gte=2026-01-31T10:00:00%2B01:00&title.contains=an&mine=yes&q=hello&limit=5&skip=10&count=exact',
  )
  expect(query.filters).toEqual([
    { field: 'status', operator: 'in', value: ['draft', 'open'] },
    { field: 'pages', operator: 'gte', value: 3 },
    { field: 'price', operator: 'lt', value: 1999 },
    { field: 'pinned', operator: 'eq', value: true },
    { field: 'metrics.score', operator: 'eq', value: 1.5 },
    { field: 'email', operator: 'isNull', value: false },
    { field: 'createdAt', operator: 'gte', value: '2026-01-31T09:00:00.000Z' },
    { field: 'title', operator: 'contains', value: 'an' },
  ])
  expect(query).toMatchObject({
    mine: true,
    q: 'hello',
    limit: 5,
    skip: 10,
    count: 'exact',
    include: [Score],
  })
})

test('typed callers may pass values instead of texts', () => {
  const query = schema.parse({ 'status.in': ['draft'], pages: 3, pinned: false, limit: 7, email: undefined })
  expect(query.filters.map((filter) => filter.value)).toEqual([['draft'], 3, false])
  expect(query.limit).toBe(7)
})

test('every sort ends in id, in the direction of the last column', () => {
  expect(parse('sort=-pages,title').sort).toEqual([
    { field: 'pages', direction: 'desc' },
    { field: 'title', direction: 'asc' },
    { field: 'id', direction: 'asc' },
  ])
  expect(parse('sort=-metrics.score').sort.at(-1)).toEqual({ field: 'id', direction: 'desc' })
  expect(parse('sort=id,title').sort).toEqual([{ field: 'id', direction: 'asc' }])
})

test('columns that are not filterable or sortable, secret or unknown are refused by name with the allowed ones', () => {
  const unknown = [
    'hidden=x',
    'token=x',
    'deletedAt.isNull=true',
    'tenantId=acme',
    'title.gte=a',
    'pages.contains=1',
    'title.isNull=true',
    '__proto__=x',
    'constructor=x',
    'sort=hidden',
    'sort=status',
    'sort=source',
    'sort=',
    'metrics.other=1',
    'metrics=1',
  ]
  for (const query of unknown) expect([query, codeOf(query)]).toEqual([query, 'http.unknown_field'])
  expect(() => parse('hidden=x')).toThrow(/filter by "hidden"; allowed are id, title, email, status/)
  expect(() => parse('title.gte=x')).toThrow(/allowed are title, title.ne, title.in, title.contains/)
})

test('wrong values and limits are refused', () => {
  const wrong = [
    'status=gone',
    'status.in=draft,gone',
    'pages=1.5',
    'pages=',
    'pages=99999999999999999',
    'price=12.50',
    'pinned=1',
    'email=nobody',
    'email.isNull=maybe',
    'createdAt=2026-01-31',
    'createdAt.gte=yesterday',
    'createdAt=2026-13-45T99:99:99Z',
    'createdAt.in=2026-01-31T00:00:00Z,x',
    'createdAt=0001-01-01T00:00:00%2B14:00',
    'createdAt=9999-12-31T23:59:59-14:00',
    'metrics.score=NaN',
    'title.contains=',
    'limit=0',
    'limit=201',
    'limit=x',
    'skip=-1',
    'skip=10001',
    'skip=1&cursor=x',
    'count=all',
    'mine=perhaps',
    'sort=title,title',
    'sort=title,pages,price,createdAt,updatedAt',
    `q=${'x'.repeat(201)}`,
    `pages.in=${Array.from({ length: 101 }, (_, i) => i).join(',')}`,
  ]
  for (const query of wrong) expect([query, codeOf(query)]).toEqual([query, false])
})

test('a mistake is reported under the name as it was written', () => {
  const result = schema.safeParse({ 'pages.gte': 'x', limit: '0', 'status.in': 'gone' })
  expect(result.error?.issues.map((issue) => issue.path.join())).toEqual(['pages.gte', 'status.in', 'limit'])
})

test('a wrong value is told what would be right', () => {
  const result = schema.safeParse({ status: 'nix', pages: 'many', pinned: 'perhaps' })
  expect(result.error?.issues.map(({ path, message }) => `${path.join()}: ${message}`)).toEqual([
    'status: must be one of "draft", "open", "done"',
    'pages: must be a number',
    'pinned: must be true or false',
  ])
})
