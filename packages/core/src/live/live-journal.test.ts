import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import {
  createTestClientele,
  eachStorage,
  postgresTestStorage,
  temporaryFolder,
  type TestClientele,
  type TestStorage,
} from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import type { Clientele } from '../clientele.types.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import { FIRST_ID } from './change-journal.entity.ts'
import { purgeJournal } from './keep-journal.ts'
import { listen, type Listener } from './live-client.fixture.ts'
import { Note, notes } from './live-notes.fixture.ts'
import { node } from './live-writer.fixture.ts'

type Instance = TestClientele<any>

const plugins = [notes()]

const insert = async ({ cdp }: { cdp: Clientele<any> }): Promise<string> =>
  (await cdp.as().tx((t) => t.repo(Note).insert({ text: 'a' }))).id

const purge = ({ cdp }: Instance): Promise<number> => purgeJournal(runtimeOf(cdp.as().ctx))

async function connect(t: Instance, options: Parameters<typeof listen>[1] = {}): Promise<Listener> {
  const client = await listen(await t.url(), options)
  await client.nextOf('hello')
  return client
}

/** What the beginning of the journal leads to, once all that is committed can be told. */
async function everything(t: Instance): Promise<Listener> {
  return listen(await t.url(), { query: `once=true&after=${FIRST_ID}` })
}

eachStorage((storage) => {
  test('what is older than a day goes; a client that was there is told so, and younger ones lose nothing', async () => {
    const t = await createTestClientele({ storage, plugins })
    const early = await connect(t)
    await insert(t)
    await early.nextOf('change')
    t.clock.advance('20h')
    await insert(t)
    await early.nextOf('change')
    const lastEventId = early.lastId
    const first = await connect(t, { lastEventId: FIRST_ID })
    expect((await first.nextOf('change')).data.count).toBe(1)
    const firstChange = first.lastId
    for (const client of [early, first]) client.cut()

    t.clock.advance('10h')
    const id = await insert(t)
    expect(await purge(t)).toBeGreaterThanOrEqual(1)
    const kept = await connect(t, { lastEventId })
    expect((await kept.next())?.data).toMatchObject({ ids: [id] })
    const gone = await connect(t, { lastEventId: firstChange })
    expect(await gone.next()).toMatchObject({ type: 'reset', data: { reason: 'purged' } })
  })

  test('positions go on where they were when all of it was old', async () => {
    const t = await createTestClientele({ storage, plugins })
    const client = await connect(t)
    await insert(t)
    await client.nextOf('change')
    t.clock.advance('3d')
    await purge(t)
    expect(await purge(t)).toBe(0)
    const id = await insert(t)
    expect(await client.next()).toMatchObject({ type: 'change', data: { ids: [id] } })
    const back = await connect(t, { lastEventId: client.lastId })
    const next = await insert(t)
    expect(await back.next()).toMatchObject({ type: 'change', data: { ids: [next] } })
  })

  test('what stands behind a younger row stays, however old it says it is', async () => {
    const t = await createTestClientele({ storage, plugins })
    await insert(t)
    t.clock.set('2026-01-10T00:00:00.000Z')
    const id = await insert(t)
    t.clock.set('2026-01-16T00:00:00.000Z')
    await purge(t)
    const client = await connect(t)
    await insert(t)
    await client.nextOf('change')
    expect(await journalIds(t.storage)).toContainEqual([id])
  })

  test('a client that missed very much reads again instead', async () => {
    const t = await createTestClientele({ storage, plugins })
    await fill(t.storage, 10_001)
    const told = await (await everything(t)).rest()
    expect(told.at(-1)).toMatchObject({ type: 'reset', data: { reason: 'behind' } })
  })

  test('two hundred clients cost one read of the journal, not one each', async () => {
    const opened = await openCounted(storage)
    const t = await createTestClientele({ storage: opened.storage, plugins })
    onTestFinished(() => opened.dispose())
    const clients = await Promise.all(Array.from({ length: 200 }, () => connect(t)))
    opened.reads.length = 0
    const id = await insert(t)
    for (const client of clients) expect(await client.nextOf('change')).toMatchObject({ data: { ids: [id] } })
    const reads = opened.reads.length
    expect(reads).toBeGreaterThan(0)
    // A look is two statements; it may take several until the row is settled, but never one per client.
    expect(reads).toBeLessThan(100)
    for (const client of clients) client.cut()
  }, 30_000)
})

test('on PostgreSQL a change waits for transactions that began before it, and its order is that of the commits', async () => {
  const t = await createTestClientele({ storage: 'postgres', plugins })
  const client = await connect(t)
  const early = Promise.withResolvers<void>()
  const began = Promise.withResolvers<string>()
  const long = t.cdp.as().tx(async (tx) => {
    began.resolve((await tx.repo(Note).insert({ text: 'long' })).id)
    await early.promise
  })
  const first = await began.promise
  const second = await insert(t)
  const { live } = runtimeOf(t.cdp.as().ctx)
  expect(await live.health()).toMatchObject({ sessions: 1, ok: true, heldBackSince: t.cdp.as().ctx.now() })
  early.resolve()
  await long
  expect(await client.next()).toMatchObject({ data: { ids: [first] } })
  expect(await client.next()).toMatchObject({ data: { ids: [second] } })
})

test('on PostgreSQL a journal that came from a cluster further on is given up at the start', async () => {
  const own = await postgresTestStorage(inject('postgresUrl'))
  const { storage, schema, url } = own
  onTestFinished(() => own.dispose())
  const t = await createTestClientele({ storage, plugins })
  const client = await connect(t)
  await insert(t)
  await client.nextOf('change')
  client.cut()
  // What a dump restored elsewhere looks like: transactions that this cluster has not had yet.
  await run(storage, 'update clientele_change_journal set position = position + 1000000000')

  const again = node({ database: { url, schema } })
  onTestFinished(() => again.stop())
  await again.start({ workers: false })
  const back = await connect(t, { lastEventId: client.lastId })
  expect(await back.next()).toMatchObject({ type: 'reset', data: { reason: 'unknown' } })
  const id = await insert(t)
  expect(await back.next()).toMatchObject({ type: 'change', data: { ids: [id] } })
})

async function run(storage: Storage, sql: string): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await storage.write({ tenantId: '*' }, (connection) =>
    connection.execute({ sql, parameters: [] }),
  )
  return rows
}

async function journalIds(storage: Storage): Promise<readonly unknown[]> {
  const rows = await run(
    storage,
    'select ids as "ids::json" from clientele_change_journal order by position, id',
  )
  return rows.map(({ ids }) => ids)
}

/** As many patches of a row as it says, without doing them. */
async function fill(storage: Storage, rows: number): Promise<void> {
  const id = storage.capabilities.dialect === 'sqlite' ? 'randomblob(16)' : 'gen_random_uuid()'
  await run(
    storage,
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${rows})
     insert into clientele_change_journal (position, id, tenant_id, entity, kind, ids, count, origin, created_at)
     select 1, ${id}, 'default', 'notes', 'patch', '[]', 1, 'live', created_at
     from numbers, clientele_change_journal`,
  )
}

/** A database that tells of every read of the journal. */
async function openCounted(
  kind: TestStorage,
): Promise<{ storage: Storage; reads: string[]; dispose(): Promise<void> }> {
  const reads: string[] = []
  const real =
    kind === 'postgres'
      ? await postgresTestStorage(inject('postgresUrl'))
      : { storage: sqlite(join(await temporaryFolder(), 'counted.db')), dispose: async () => {} }
  const counted = (connection: Connection): Connection => ({
    execute(statement) {
      if (statement.sql.includes('change_journal')) reads.push(statement.sql)
      return connection.execute(statement)
    },
    stream: (statement, size) => connection.stream(statement, size),
    insertRows: (...rows) => connection.insertRows(...rows),
  })
  const read: Storage['read'] = (scope, use) =>
    real.storage.read(scope, (connection) => use(counted(connection)))
  const storage = new Proxy(real.storage, {
    get(target, name) {
      if (name === 'read') return read
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { storage, reads, dispose: () => real.dispose() }
}
