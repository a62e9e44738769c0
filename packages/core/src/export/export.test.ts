import { createTestClientele, eachStorage, testToken, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { FileEntity } from '../files/file.entity.ts'
import { removeExpiredFiles } from '../files/file-upkeep.ts'
import { ExportEntity } from './export.entity.ts'
import { Item, ItemScore, shelf } from './export.fixture.ts'
import { removeExpiredExports } from './export-upkeep.ts'
import { Exports } from './exports.ts'

const open = (storage: TestStorage) => createTestClientele({ storage, plugins: [shelf()] })

type Shelf = Awaited<ReturnType<typeof open>>

eachStorage((storage) => {
  test('an export has the rows that the list has, in its order, with the chosen columns', async () => {
    const t = await open(storage)
    const [a, , c] = await addItems(t, ['ann', 'bob', '=cyd', 'dan'])
    await t.as().tx(async (tx) => {
      await tx.repo(Item).patch(a!.id, { note: 'say "hi"\nthere', price: { amount: -1950, currency: 'EUR' } })
      await tx.repo(ItemScore).patch(c!.id, { points: 9, worth: { amount: 5, currency: 'JPY' } })
    })

    const { text, headers } = await t.fetch(
      '/api/v1/items/export.csv?title.ne=bob&sort=title&columns=title,note,price,priceCurrency,score.points,score.worth',
    )

    expect(text.split('\r\n')).toEqual([
      'title,note,price,priceCurrency,score.points,score.worth',
      `'=cyd,,,,9,5`,
      `ann,"say ""hi""\nthere",-19.50,EUR,7,`,
      'dan,,,,7,',
      '',
    ])
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toContain('attachment; filename="items-2026-01-15.csv"')
    const sorted = await t.fetch('/api/v1/items/export.csv?sort=-score.points,title&columns=title')
    expect(sorted.text.split('\r\n')).toEqual(['title', "'=cyd", 'ann', 'bob', 'dan', ''])
  })

  test('without columns it has all of the entity, but no secret and no removed row', async () => {
    const t = await open(storage)
    const [kept, removed] = await addItems(t, ['kept', 'removed'])
    await t.as().tx((tx) => tx.repo(Item).patch(kept!.id, { token: 'a secret' }))
    await t.as().tx((tx) => tx.repo(Item).remove(removed!.id))

    const { text } = await t.fetch('/api/v1/items/export.csv')

    expect(text.split('\r\n')).toEqual([
      'id,title,note,state,count,size,kept,madeAt,extra,price,priceCurrency,source,externalId,version,createdAt,updatedAt',
      `${kept!.id},kept,,new,,,false,,,,,,,2,2026-01-15T12:00:00.000Z,2026-01-15T12:00:00.000Z`,
      '',
    ])
  })

  test('it begins with a byte order mark when asked to', async () => {
    const t = await open(storage)

    const response = await fetch(`${await t.url()}/api/v1/items/export.csv?bom=true&columns=title`, {
      headers: { authorization: testToken({}) },
    })

    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from('\uFEFFtitle\r\n'))
  })

  test('every page follows the one before, whatever it is sorted by', async () => {
    const t = await open(storage)
    const titles = Array.from({ length: 5000 }, (_, n) => `item ${String(n % 700).padStart(4, '0')}`)
    const rows = await addItems(t, titles, (n) => ({ note: n % 3 === 0 ? null : `note ${n % 11}` }))

    for (const sort of ['id', '-id', 'title', '-note,title', 'note']) {
      const { text } = await t.fetch(`/api/v1/items/export.csv?columns=id&sort=${sort}`)
      const ids = text.split('\r\n').slice(1, -1)
      expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
      if (sort === 'id') expect(ids).toEqual(ids.toSorted())
    }
    const filtered = await t.fetch('/api/v1/items/export.csv?columns=note&note=note%203')
    expect(new Set(filtered.text.split('\r\n').slice(1, -1))).toEqual(new Set(['note 3']))
  })

  test('large rows are read few at a time, from the second page on', async () => {
    const t = await open(storage)
    const note = 'x'.repeat(300_000)
    await t
      .as()
      .tx((tx) => tx.repo(Item).insertMany(Array.from({ length: 50 }, (_, i) => ({ title: `${i}`, note }))))
    const { ctx } = t.as()
    const { content } = await ctx.get(Exports).csv(ctx, 'items', { columns: ['id', 'note'] })
    const pages: number[] = []
    for await (const text of content) pages.push(text.split('\r\n').length - 1)
    expect(pages.reduce((sum, rows) => sum + rows)).toBe(51)
    expect(Math.max(...pages.slice(2))).toBe(1)
  })

  test('a job makes the file, and says how far it is', async () => {
    const t = await open(storage)
    await addItems(
      t,
      Array.from({ length: 3000 }, (_, n) => `item ${n}`),
    )

    const started = await t.fetch('/api/v1/items/export', {
      method: 'POST',
      body: { query: { 'title.startsWith': 'item 1', sort: 'title' }, columns: ['title'], name: 'ones.csv' },
    })
    expect(started.status).toBe(202)
    expect(started.json).toMatchObject({ state: 'waiting', entity: 'items', permission: 'shelf:read' })
    const path = started.headers.get('location')!
    expect((await t.fetch(`${path}/content`)).json).toMatchObject({ code: 'export.not_done', status: 409 })

    await t.drain()

    const { json: done } = await t.fetch(path)
    expect(done).toMatchObject({
      state: 'done',
      rowsDone: 1111,
      rowsTotal: 1111,
      expiresAt: '2026-01-22T12:00:00.000Z',
    })
    const { text, headers } = await t.fetch(`${path}/content`)
    expect(headers.get('content-disposition')).toContain('filename="ones.csv"')
    expect(text.split('\r\n').slice(0, 3)).toEqual(['title', 'item 1', 'item 10'])
    expect(text.split('\r\n').length).toBe(1111 + 2)
    expect((await t.fetch(`/api/v1/files/${done.fileId}`)).json).toMatchObject({ permission: 'shelf:read' })
  })

  test('only those who may read the rows see their exports', async () => {
    const t = await open(storage)
    const { id } = (await t.fetch('/api/v1/items/export', { method: 'POST', body: {} })).json
    await t.drain()
    const as = { permissions: ['files:read', 'settings:read'] }

    expect((await t.fetch('/api/v1/exports', { as })).json.items).toEqual([])
    for (const path of [`/api/v1/exports/${id}`, `/api/v1/exports/${id}/content`])
      expect((await t.fetch(path, { as })).status).toBe(404)
    expect((await t.fetch(`/api/v1/exports/${id}/cancel`, { as, method: 'POST' })).status).toBe(404)
    for (const path of ['/api/v1/items/export.csv', '/api/v1/items/export'])
      expect(
        (await t.fetch(path, { as, method: path.endsWith('csv') ? 'GET' : 'POST', body: undefined })).status,
      ).toBe(403)
    const reader = { permissions: ['shelf:read'] }
    expect((await t.fetch('/api/v1/exports', { as: reader })).json.items.length).toBe(1)
    expect((await t.fetch(`/api/v1/exports/${id}/content`, { as: reader })).status).toBe(200)
  })

  test('one that is cancelled, before it begins or while it runs, leaves no file', async () => {
    const t = await open(storage)
    await addItems(
      t,
      Array.from({ length: 500 }, (_, n) => `item ${n}`),
    )
    const start = async (): Promise<string> =>
      (await t.fetch('/api/v1/items/export', { method: 'POST', body: {} })).json.id
    const cancel = async (id: string) => t.fetch(`/api/v1/exports/${id}/cancel`, { method: 'POST' })

    const waiting = await start()
    expect((await cancel(waiting)).json).toMatchObject({ state: 'cancelled' })
    await t.drain()
    expect((await cancel(waiting)).json).toMatchObject({ code: 'export.over' })

    const running = await start()
    const { ctx } = t.as()
    const put = t.as().get(Exports).csv
    // Somebody cancels it after its first page.
    const service = t.as().get(Exports) as { csv: Exports['csv'] }
    service.csv = (c, entity, request) =>
      put(c, entity, {
        ...request,
        onRows: async (done) => {
          if ((await ctx.repo(ExportEntity).get(running)).state === 'running') await cancel(running)
          await request?.onRows?.(done)
        },
      })
    await t.drain()
    service.csv = put

    expect(await ctx.repo(ExportEntity).get(running)).toMatchObject({ state: 'cancelled', fileId: null })
    expect((await t.fetch('/api/v1/files')).json.items).toEqual([])
    expect((await t.fetch(`/api/v1/exports/${running}/content`)).json).toMatchObject({
      code: 'export.not_done',
    })
  })

  test('one that a crash broke off is made again from the beginning', async () => {
    const t = await open(storage)
    await addItems(
      t,
      Array.from({ length: 300 }, (_, n) => `item ${n}`),
    )
    const { id } = (await t.fetch('/api/v1/items/export', { method: 'POST', body: { columns: ['title'] } }))
      .json
    const service = t.as().get(Exports) as { csv: Exports['csv'] }
    const { csv } = service
    service.csv = async (c, entity, request) => {
      service.csv = csv
      const file = await csv(c, entity, request)
      return { ...file, content: brokenOff(file.content) }
    }

    await t.drain()
    expect((await t.fetch(`/api/v1/exports/${id}`)).json).toMatchObject({ state: 'running', fileId: null })
    t.clock.advance('1h')
    await t.drain()

    expect((await t.fetch(`/api/v1/exports/${id}`)).json).toMatchObject({ state: 'done', rowsDone: 300 })
    expect((await t.fetch(`/api/v1/exports/${id}/content`)).text.split('\r\n').length).toBe(302)
  })

  test('after a week it is gone with its file', async () => {
    const t = await open(storage)
    const { id } = (await t.fetch('/api/v1/items/export', { method: 'POST', body: {} })).json
    await t.drain()
    const { ctx } = t.as()

    t.clock.advance('7d')
    expect((await t.fetch(`/api/v1/exports/${id}/content`)).status).toBe(404)
    expect([await removeExpiredExports(ctx), await removeExpiredFiles(ctx)]).toEqual([1, 1])

    expect((await t.fetch('/api/v1/exports')).json.items).toEqual([])
    expect((await ctx.repo(FileEntity).list({ filters: [], sort: [], limit: 1 })).items).toEqual([])
  })
})

test.for<readonly [query: string, code: string, field: string]>([
  ['columns=title,nothing', 'export.unknown_column', 'nothing'],
  ['columns=token', 'export.unknown_column', 'token'],
  ['columns=score.key', 'export.unknown_column', 'score.key'],
  ['columns=tenantId', 'export.unknown_column', 'tenantId'],
  ['columns=deletedAt', 'export.unknown_column', 'deletedAt'],
  ['columns=', 'http.invalid_request', 'columns'],
  ['bom=1', 'http.invalid_request', 'bom'],
  ['limit=5', 'http.invalid_request', 'limit'],
  ['cursor=x', 'http.invalid_request', 'cursor'],
  ['nothing=1', 'http.unknown_field', 'nothing'],
  ['count.gte=x', 'http.invalid_request', 'count'],
])('an export of "%s" is refused by name before anything is sent', async ([query, code, field]) => {
  const t = await open('sqlite')

  const { status, text, json } = await t.fetch(`/api/v1/items/export.csv?${query}`)

  expect([status, json.code]).toEqual([400, code])
  expect(text).toContain(field)
  const pairs = Object.fromEntries([...new URLSearchParams(query)])
  const { columns, bom, ...rows } = pairs
  if (bom !== undefined || columns === '') return
  const body = { query: rows, ...(columns ? { columns: columns.split(',') } : {}) }
  const started = await t.fetch('/api/v1/items/export', { method: 'POST', body })
  expect([started.status, started.json.code]).toEqual([400, code])
  expect((await t.fetch('/api/v1/exports')).json.items).toEqual([])
})

test('rows are read as somebody takes them, and no more once nobody does', async () => {
  const t = await open('sqlite')
  await addItems(
    t,
    Array.from({ length: 4000 }, (_, n) => `item ${n}`),
  )
  const told: number[] = []
  const { ctx } = t.as()

  const { content, total } = await ctx.get(Exports).csv(ctx, 'items', { onRows: (done) => told.push(done) })
  for await (const _ of content) if (told.length === 2) break

  expect(await total()).toBe(4000)
  expect(told.length).toBe(2)
  expect(told[1]).toBeLessThan(1000)
})

test('an entity without routes is not exported: nothing says who may read it', async () => {
  const t = await open('sqlite')
  const { ctx } = t.as()

  await expect(ctx.get(Exports).csv(ctx, 'settings')).rejects.toMatchObject({
    code: 'export.unknown_entity',
    message: 'Cannot export "settings": there are items',
  })
})

function addItems(
  t: Shelf,
  titles: readonly string[],
  more: (n: number) => { readonly note?: string | null } = () => ({}),
) {
  return t.as().tx((tx) => tx.repo(Item).insertMany(titles.map((title, n) => ({ title, ...more(n) }))))
}

async function* brokenOff(content: AsyncIterable<string>): AsyncIterable<string> {
  for await (const piece of content) {
    yield piece
    throw new Error('the machine lost its power')
  }
}
