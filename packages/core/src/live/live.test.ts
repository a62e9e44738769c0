import { createTestClientele, eachStorage, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { listen, type Listener } from './live-client.fixture.ts'
import { Note, NoteStars, notes, Secret, Shelf } from './live-notes.fixture.ts'

type Instance = TestClientele<any>

const plugins = [notes()]

async function insert(t: Instance, text = 'a', tenantId?: string): Promise<string> {
  return (await t.as(tenantId ? { tenantId } : {}).tx((tx) => tx.repo(Note).insert({ text }))).id
}

async function connect(t: Instance, ...[options]: [] | [Parameters<typeof listen>[1]]): Promise<Listener> {
  const client = await listen(await t.url(), options)
  await client.nextOf('hello')
  return client
}

eachStorage((storage) => {
  test('a committed change arrives as its ids', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await listen(await t.url())
    expect(await client.next()).toMatchObject({
      type: 'hello',
      data: { entities: ['notes', 'secrets', 'shelves'], jobs: false },
    })
    const id = await insert(t, 'Ana Silva')
    expect(await client.next()).toEqual({
      type: 'change',
      id: expect.any(String),
      data: { entity: 'notes', kind: 'insert', ids: [id], count: 1, origin: 'live' },
    })
    expect(client.text).not.toContain('Ana')
    expect(Object.fromEntries(client.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
  })

  test('a client that comes back gets what it missed, once and in order', async () => {
    const t = await createTestClientele({ storage, plugins })
    const first = await connect(t)
    const seen = await insert(t)
    await first.nextOf('change')
    first.cut()
    const missed = await insert(t)
    await t.as().tx(async (tx) => {
      await tx.repo(Note).patch(seen, { text: 'b' })
      await tx.repo(Note).remove(missed)
    })
    const second = await connect(t, { lastEventId: first.lastId })
    const later = await insert(t)
    const told = [await second.next(), await second.next(), await second.next(), await second.next()]
    expect(told.map((event) => event?.data)).toMatchObject([
      { kind: 'insert', ids: [missed] },
      { kind: 'patch', ids: [seen] },
      { kind: 'remove', ids: [missed] },
      { kind: 'insert', ids: [later] },
    ])
  })

  test('a transaction that is rolled back is not told', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await connect(t)
    const failing = t.as().tx(async (tx) => {
      await tx.repo(Note).insert({ text: 'never' })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    const id = await insert(t)
    expect(await client.next()).toMatchObject({ data: { ids: [id] } })
  })

  test('an extension is told as its base, patches only', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await connect(t)
    const id = await insert(t)
    await t.as().tx((tx) => tx.repo(NoteStars).patch(id, { stars: 5 }))
    expect(await client.next()).toMatchObject({ data: { kind: 'insert', entity: 'notes' } })
    expect((await client.next())?.data).toEqual({
      entity: 'notes',
      extension: 'noteStars',
      kind: 'patch',
      ids: [id],
      count: 1,
      origin: 'live',
    })
  })

  test('many rows of one call are one event; more than a hundred are counted', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await connect(t)
    const rows = (count: number) => Array.from({ length: count }, () => ({ text: 'a' }))
    const some = await t.as().tx((tx) => tx.repo(Note).insertMany(rows(100)))
    await t.as().tx((tx) => tx.repo(Note).insertMany(rows(101)))
    expect(await client.next()).toMatchObject({ data: { ids: some.map(({ id }) => id), count: 100 } })
    expect(await client.next()).toMatchObject({ data: { ids: [], count: 101 } })
  })

  test('what a client may not read, did not ask for, or belongs to others never arrives', async () => {
    const t = await createTestClientele({ storage, plugins, tenancy: { mode: 'multi' } })
    const as = { tenants: ['acme'], permissions: ['notes:read'] } as const
    const client = await listen(await t.url(), { as, query: 'entities=notes,secrets' })
    expect(await client.next()).toMatchObject({ data: { entities: ['notes'] } })
    await t.as({ tenantId: 'acme' }).tx((tx) => tx.repo(Secret).insert({ text: 'a' }))
    await t.as({ tenantId: 'acme' }).tx((tx) => tx.repo(Shelf).insert({ text: 'a' }))
    await insert(t, 'a', 'globex')
    const id = await insert(t, 'a', 'acme')
    expect(await client.next()).toMatchObject({ data: { entity: 'notes', ids: [id] } })
  })

  test('an entity that nobody can be told of is named, with those there are', async () => {
    const t = await createTestClientele({ storage, plugins })
    for (const name of ['note', 'ticks', 'drafts', 'noteStars', 'jobs']) {
      const { status, json } = await t.fetch(`/api/v1/live?entities=notes,${name}`)
      expect(status).toBe(400)
      expect(json.detail).toContain(`no live updates of "${name}"; there are of notes, secrets, shelves`)
    }
  })

  test('nobody without a credential listens', async () => {
    const t = await createTestClientele({ storage, plugins })
    expect((await t.fetch('/api/v1/live', { as: null })).status).toBe(401)
  })

  test('an id that is forged, or unknown to the journal, leads to a reset', async () => {
    const t = await createTestClientele({ storage, plugins })
    await insert(t)
    for (const lastEventId of ['x', "1'; drop table", '5.1', '7fffffff-ffff-7fff-bfff-ffffffffffff']) {
      const client = await connect(t, { lastEventId })
      expect(await client.next()).toMatchObject({ type: 'reset', data: { reason: 'unknown' } })
      const id = await insert(t)
      // An insert from before the reset comes too when another transaction kept it from being settled until now.
      let told: readonly string[] = []
      while (!told.includes(id)) told = (await client.nextOf('change')).data.ids
    }
  })

  test('the id of another tenant shows nothing but what is the caller’s own', async () => {
    const t = await createTestClientele({ storage, plugins, tenancy: { mode: 'multi' } })
    const acme = await connect(t, { as: { tenants: ['acme'] } })
    await insert(t, 'a', 'acme')
    await acme.nextOf('change')
    const own = await insert(t, 'a', 'globex')
    await insert(t, 'a', 'acme')
    const globex = await listen(await t.url(), {
      as: { tenants: ['globex'] },
      lastEventId: acme.lastId,
      query: 'once=true',
    })
    const told = (await globex.rest()).filter(({ type }) => type === 'change')
    expect(told.map(({ data }) => data)).toMatchObject([{ ids: [own] }])
  })

  test('"once" ends after what is there and says where to go on', async () => {
    const t = await createTestClientele({ storage, plugins })
    const start = await listen(await t.url(), { query: 'once=true' })
    expect((await start.rest()).map(({ type }) => type)).toEqual(['hello'])
    const id = await insert(t)
    await t.as().tx((tx) => tx.repo(Secret).insert({ text: 'a' }))
    const query = 'once=true&entities=notes'
    const next = await listen(await t.url(), { query: `${query}&after=${start.lastId}` })
    expect((await next.rest()).slice(1)).toMatchObject([{ type: 'change', data: { ids: [id] } }])
    const last = await listen(await t.url(), { query: `${query}&after=${next.lastId}` })
    expect((await last.rest()).map(({ type }) => type)).toEqual(['hello'])
    expect(last.lastId).toBe(next.lastId)
  })

  test('a stream ends after its time', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await listen(await t.url(), { query: 'maxSeconds=1' })
    expect((await client.rest()).map(({ type }) => type)).toEqual(['hello'])
  })

  test('stop ends the streams', async () => {
    const t = await createTestClientele({ storage, plugins })
    const clients = await Promise.all([connect(t), connect(t, { query: 'jobs=true' })])
    const rest = clients.map((client) => client.rest())
    await t.cdp.stop()
    expect(await Promise.all(rest)).toEqual([[], []])
  })

  test('HEAD and the in-process call answer too', async () => {
    const t = await createTestClientele({ storage, plugins })
    expect((await t.fetch('/api/v1/live', { method: 'HEAD' })).status).toBe(200)
    const api = (t.as().api as any).core
    const stream = (await api.live({ query: { once: 'true' } })) as AsyncIterable<string>
    const texts: string[] = []
    for await (const text of stream) texts.push(text)
    expect(texts.join('')).toContain('event: hello')
  })
})
