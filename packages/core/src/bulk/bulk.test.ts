import { createTestClientele, eachStorage, seededRandom, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import {
  col,
  ClienteleError,
  crudRoutes,
  defineEntity,
  definePlugin,
  onChange,
  type BulkAnswer,
  type BulkOperation,
} from '../index.ts'

const columns = {
  code: col.text(z.string().min(1).max(20)).unique(),
  state: col.enum(['new', 'old']).default('new'),
  shelfId: col.ref(() => Shelf).nullable(),
}
// Some hide, some go, and those that go may be held by others.
const Shelf = defineEntity(
  'shelves',
  { code: col.text(z.string().min(1).max(20)).unique() },
  { singular: 'shelf' },
)
const Item = defineEntity('items', columns, { softDelete: true })

const shop = definePlugin({
  id: 'shop',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Shelf, Item],
  migrations: {
    '0001-shop': {
      async up(m) {
        await m.createTable(Shelf)
        await m.createTable(Item)
      },
      async down(m) {
        await m.dropTable('items')
        await m.dropTable('shelves')
      },
    },
  },
  permissions: { 'shop:read': { label: 'Read' }, 'shop:write': { label: 'Write' } },
  routes: {
    ...crudRoutes(Item, { path: '/api/v1/items', read: 'shop:read', write: 'shop:write' }),
    shelves: crudRoutes(Shelf, { path: '/api/v1/shelves', read: 'shop:read', write: 'shop:write' }).bulk,
    createShelf: crudRoutes(Shelf, { path: '/api/v1/shelves', read: 'shop:read', write: 'shop:write' })
      .create,
    updateShelf: crudRoutes(Shelf, { path: '/api/v1/shelves', read: 'shop:read', write: 'shop:write' })
      .update,
    removeShelf: crudRoutes(Shelf, { path: '/api/v1/shelves', read: 'shop:read', write: 'shop:write' })
      .remove,
    listShelves: crudRoutes(Shelf, { path: '/api/v1/shelves', read: 'shop:read', write: 'shop:write' }).list,
  },
  changes: [
    onChange(Item, 'shop.veto', (changes) => {
      if (changes.some((change) => change.after?.code === 'vetoed')) throw veto()
    }),
  ],
})

const veto = (): Error => new ClienteleError('No', { code: 'shop.veto', status: 409, title: 'No' })

type Shop = TestClientele<readonly [ReturnType<typeof shop>]>

const open = (storage: 'sqlite' | 'postgres'): Promise<Shop> =>
  createTestClientele({ storage, plugins: [shop()], tenancy: { mode: 'multi' } })

const send = async (
  t: Shop,
  body: object,
  { path = '/api/v1/items', tenant = 'tenant-a' } = {},
): Promise<{ status: number; answer: BulkAnswer }> => {
  const { status, json } = await t.fetch(`${path}/bulk`, { method: 'POST', body, as: { tenants: [tenant] } })
  return { status, answer: json }
}

const create = (code: string, more: object = {}): object => ({ op: 'create', values: { code, ...more } })
const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

eachStorage((storage) => {
  test('each operation stands alone, and its result says what became of it', async () => {
    const t = await open(storage)
    await send(t, { operations: [create('one', { id: id(1) }), create('two', { id: id(2) })] })
    const { status, answer } = await send(t, {
      operations: [
        create('three', { id: id(3) }),
        create('one'),
        { op: 'update', id: id(1), values: { state: 'old' } },
        { op: 'update', id: id(2), values: { state: 'old' }, version: 7 },
        { op: 'update', id: id(9), values: {} },
        { op: 'remove', id: id(2) },
        create('vetoed'),
        create('four', { shelfId: id(9) }),
      ],
    })
    expect(status).toBe(200)
    expect(answer).toMatchObject({ succeeded: 3, failed: 5 })
    expect(answer.results).toMatchObject([
      { index: 0, op: 'create', status: 201, id: id(3), row: { code: 'three', state: 'new', version: 1 } },
      {
        index: 1,
        op: 'create',
        status: 409,
        error: { code: 'entity.conflict', params: { fields: ['code'] } },
      },
      { index: 2, op: 'update', status: 200, id: id(1), row: { state: 'old', version: 2 } },
      {
        index: 3,
        status: 412,
        id: id(2),
        error: { code: 'entity.stale_version', current: { id: id(2), version: 1 } },
      },
      { index: 4, status: 404, error: { code: 'entity.not_found' } },
      { index: 5, op: 'remove', status: 204, id: id(2) },
      { index: 6, status: 409, error: { code: 'shop.veto' } },
      { index: 7, status: 409, error: { code: 'entity.reference', params: { fields: ['shelfId'] } } },
    ])
    const { items } = await t.as({ tenantId: 'tenant-a' }).api.shop.list({ query: { sort: 'id' } })
    expect(items.map(({ code }) => code)).toEqual(['one', 'three'])
  })

  test('atomic is all or none, and says which failed', async () => {
    const t = await open(storage)
    const failing = [create('one'), create('two'), create('one'), create('three')]
    expect((await send(t, { operations: failing, atomic: true })).answer).toMatchObject({
      succeeded: 0,
      failed: 4,
      results: [
        { status: 424, error: { code: 'bulk.undone', params: { because: 2 } } },
        { status: 424 },
        { status: 409, error: { code: 'entity.conflict' } },
        { status: 424 },
      ],
    })
    expect((await t.as({ tenantId: 'tenant-a' }).api.shop.list()).items).toEqual([])
    const { answer } = await send(t, { operations: [create('one'), create('two')], atomic: true })
    expect(answer).toMatchObject({ succeeded: 2, failed: 0 })
  })

  test('a batch is not read to the end before its first mistake: all of them are named, with index and field', async () => {
    const t = await open(storage)
    const wrong = [
      create('good'),
      create('', { state: 'gone', surprise: 1 }),
      { op: 'update', id: 'x', values: {} },
      { op: 'merge' },
      7,
      null,
      { op: 'remove', id: id(1), values: {} },
    ]
    const { status, answer } = await send(t, { operations: wrong })
    expect(status).toBe(200)
    expect(answer).toMatchObject({ succeeded: 1, failed: 6 })
    const named = answer.results.map(({ op, error }) => [
      op,
      ...((error?.params['issues'] ?? []) as { path: string }[]).map(({ path }) => path).sort(),
    ])
    expect(named).toEqual([
      ['create'],
      ['create', 'operations.1.values.code', 'operations.1.values.state', 'operations.1.values.surprise'],
      ['update', 'operations.2.id'],
      [null, 'operations.3.op'],
      [null, 'operations.4'],
      [null, 'operations.5'],
      ['remove', 'operations.6.values'],
    ])
    const none = await send(t, { operations: [create('other'), ...wrong.slice(1)], atomic: true })
    expect(none.answer).toMatchObject({ succeeded: 0, failed: 7 })
    expect(none.answer.results.map((one) => one.status)).toEqual([424, ...Array<number>(6).fill(400)])
  })

  test('many creates are one change for a subscriber, also when one of them is taken out', async () => {
    const t = await open(storage)
    const codes = Array.from({ length: 100 }, (_, n) => `c${n === 70 ? 3 : n}`)
    const { answer } = await send(t, { operations: codes.map((code) => create(code)) })
    expect(answer).toMatchObject({ succeeded: 99, failed: 1 })
    expect(answer.results.filter(({ status }) => status !== 201).map(({ index }) => index)).toEqual([70])
    expect(t.recorder.changes.filter(({ entity }) => entity.name === 'items')).toHaveLength(99)
  })

  test(
    'the same operations one by one leave the same rows and the same answers',
    { timeout: 120_000 },
    async () => {
      const t = await open(storage)
      for (let seed = 1; seed <= 12; seed++) {
        const operations = randomOperations(seed)
        for (const path of ['/api/v1/shelves', '/api/v1/items'] as const) {
          const own = operations.filter((one) => one.path === path).map(({ operation }) => operation)
          if (own.length === 0) continue
          const { answer } = await send(t, { operations: own }, { path, tenant: 'tenant-a' })
          const single = await oneByOne(t, own, { path, tenant: 'tenant-b' })
          expect(answer.results.map(comparable), `seed ${seed}`).toEqual(single.map(comparable))
        }
        expect(await rowsOf(t, 'tenant-a'), `seed ${seed}`).toEqual(await rowsOf(t, 'tenant-b'))
      }
    },
  )
})

test('a bulk request has at least one operation and at most a thousand', async () => {
  const t = await open('sqlite')
  for (const operations of [[], Array<object>(1001).fill(create('x')), undefined, {}])
    expect((await send(t, { operations })).status).toBe(400)
  const thousand = Array.from({ length: 1000 }, (_, n) => create(`n${n}`))
  expect((await send(t, { operations: thousand })).answer).toMatchObject({ succeeded: 1000 })
})

test('a server error is nobody’s operation: nothing is kept', async () => {
  const t = await createTestClientele({
    plugins: [shop(), failing()],
  })
  const { status } = await t.fetch('/api/v1/items/bulk', {
    method: 'POST',
    body: { operations: [create('one'), create('broken')] },
  })
  expect(status).toBe(500)
  expect((await t.as().api.shop.list()).items).toEqual([])
})

test('the API describes operations exactly', async () => {
  const t = await open('sqlite')
  const document = t.cdp.openapi() as any
  const schema = document.paths['/api/v1/items/bulk'].post.requestBody.content['application/json'].schema
  const { items, minItems, maxItems } = schema.properties.operations
  expect([minItems, maxItems]).toEqual([1, 1000])
  const operations = items.oneOf ?? items.anyOf
  expect(operations.map((one: any) => [one.properties.op.const, one.required])).toEqual([
    ['create', ['op', 'values']],
    ['update', ['op', 'id', 'values']],
    ['remove', ['op', 'id']],
  ])
  expect(operations[0].properties.values).toEqual({ $ref: '#/components/schemas/ItemsInsert' })
})

const failing = definePlugin({
  id: 'failing',
  version: '1.0.0',
  requires: { core: '*' },
  dependsOn: [shop],
  changes: [
    onChange(Item, 'failing.fail', (changes) => {
      if (changes.some((change) => change.after?.code === 'broken')) throw new Error('broken')
    }),
  ],
})

interface Random {
  readonly path: '/api/v1/items' | '/api/v1/shelves'
  readonly operation: BulkOperation<any>
}

/** Few ids and codes, so that operations meet each other. */
function randomOperations(seed: number): readonly Random[] {
  const random = seededRandom(seed)
  const some = (n: number): number => Math.floor(random.number() * n)
  const lengths = random.pick([1, 5, 40])
  return Array.from({ length: lengths }, (): Random => {
    const path = random.pick(['/api/v1/items', '/api/v1/items', '/api/v1/shelves'] as const)
    const isItem = path === '/api/v1/items'
    const code = random.number() < 0.05 ? 'vetoed' : `c${some(12)}`
    const state = random.number() < 0.05 ? 'gone' : random.pick(['new', 'old'])
    const more = isItem ? { state, shelfId: random.maybe(() => id(100 + some(3))) } : {}
    const which = isItem ? some(8) : 100 + some(3)
    const version = random.number() < 0.2 ? { version: 1 + some(3) } : {}
    const op = random.pick(['create', 'create', 'update', 'update', 'remove'] as const)
    if (op === 'create')
      return { path, operation: { op, values: { id: id(which + some(2) * 10), code, ...more } as object } }
    if (op === 'remove') return { path, operation: { op, id: id(which), ...version } }
    const values = random.pick([{ code }, isItem ? { state } : { code }, { code, ...more }])
    return { path, operation: { op, id: id(which), values, ...version } }
  })
}

interface Single {
  readonly op: string
  readonly status: number
  readonly row?: Record<string, unknown>
  readonly error?: { readonly code: string; readonly params: object; readonly current?: unknown }
}

async function oneByOne(
  t: Shop,
  operations: readonly BulkOperation<any>[],
  { path, tenant }: { readonly path: string; readonly tenant: string },
): Promise<readonly Single[]> {
  const results: Single[] = []
  for (const operation of operations) {
    const { op } = operation
    const method = { create: 'POST', update: 'PATCH', remove: 'DELETE' }[op]
    const version = 'version' in operation ? operation.version : undefined
    const { status, json } = await t.fetch(op === 'create' ? path : `${path}/${operation.id}`, {
      method,
      as: { tenants: [tenant] },
      ...('values' in operation ? { body: operation.values } : {}),
      ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
    })
    results.push(status < 400 ? { op, status, row: json } : { op, status, error: json })
  }
  return results
}

/** Without times, which differ, and without where a field stands in the request. */
function comparable({ op, status, row, error }: any): object {
  const { issues, ...params } = error?.params ?? {}
  const fields = issues?.map(({ path }: { path: string }) =>
    path.replace(/^operations\.\d+\.(values\.)?/, ''),
  )
  return {
    op,
    status,
    row: untimed(row),
    code: error?.code,
    params,
    fields,
    current: untimed(error?.current),
  }
}

function untimed(row: Record<string, unknown> | undefined): object {
  const { createdAt: _, updatedAt: __, deletedAt, ...rest } = row ?? {}
  return { ...rest, isRemoved: Boolean(deletedAt) }
}

async function rowsOf(t: Shop, tenantId: string): Promise<object> {
  const { api } = t.as({ tenantId })
  const query = { sort: 'id', limit: 200 }
  const [items, shelves] = [await api.shop.list({ query }), await api.shop.listShelves({ query })]
  return { items: items.items.map(untimed), shelves: shelves.items.map(untimed) }
}
