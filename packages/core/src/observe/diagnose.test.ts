import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, eachStorage, postgresTestStorage, temporaryFolder } from '@clientele/testing'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { createClientele, silentLogger, systemClock, systemRandom, type Storage } from '../index.ts'
import { backedUp } from './backed-up.fixture.ts'

const KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`

eachStorage((storage) => {
  test('a sound instance has nothing wrong, looked at from every side', async () => {
    const t = await createTestClientele({ storage, plugins: [backedUp()] })

    const checks = await t.cdp.operate.diagnose({ deep: true })

    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
    const names = checks.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'node',
        'keys',
        'database',
        'durability',
        'clock',
        'migrations',
        'schema',
        'data',
        'files',
      ]),
    )
    expect(checks.find(({ name }) => name === 'schema')?.message).toMatch(/^All \d+ tables are what/)
  })

  test('a table that was changed by hand is found', async () => {
    const t = await createTestClientele({ storage, plugins: [backedUp()] })
    await t.storage.write({ tenantId: '*' }, (connection) =>
      connection.execute({ sql: 'ALTER TABLE clientele_entries ADD COLUMN note text', parameters: [] }),
    )

    const schema = (await t.cdp.operate.diagnose()).find(({ name }) => name === 'schema')

    expect(schema).toMatchObject({ status: 'fail', message: expect.stringContaining('note') as string })
  })
})

test('a key file that holds no keys is found', async () => {
  // Another test of this process may have left some there, which would be taken before the file.
  vi.stubEnv('CLIENTELE_KEYS', undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const file = join(await temporaryFolder(), 'shop.db')
  const compose = () =>
    createClientele({ storage: sqlite(file), plugins: [backedUp()], logger: silentLogger() })
  const first = compose()
  await first.start({ workers: false })
  await first.stop()
  for (const text of ['', 'garbage', 'k1:dG9vIHNob3J0']) {
    await writeFile(`${file}.keys`, text)
    const looking = compose()
    onTestFinished(() => looking.stop())
    const keys = (await looking.operate.diagnose()).find(({ name }) => name === 'keys')
    expect(keys, text).toMatchObject({ status: 'fail', message: expect.stringContaining(file) as string })
  }
})

test('a restore over a running instance is told by its health', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'shop.db')
  const cdp = createClientele({ storage: sqlite(file), plugins: [backedUp()], logger: silentLogger() })
  onTestFinished(() => cdp.stop())
  await cdp.start({ workers: false })
  await cdp.operate.backup(join(folder, 'monday.db'))
  const failing = async () =>
    (await cdp.operate.health()).checks.filter(({ status }) => status === 'fail').map(({ name }) => name)
  expect(await failing()).toEqual([])

  await rename(join(folder, 'monday.db'), file)

  expect(await failing()).toEqual(['database file'])
})

test('comparing the tables leaves no schema behind on PostgreSQL', async () => {
  const server = await postgresTestStorage(inject('postgresUrl'))
  const host = { logger: silentLogger(), clock: systemClock(), columnType: () => undefined }
  const run = async (storage: Storage, sql: string): Promise<unknown> =>
    storage.read(
      { tenantId: '*' },
      async (connection) => (await connection.execute({ sql, parameters: [] })).rows,
    )
  await server.storage.open(host)
  // A database of its own: others compare their tables at the same time.
  const name = `diagnose_${Buffer.from(systemRandom().bytes(6)).toString('hex')}`
  await run(server.storage, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = name
  const storage = postgres(url.href)
  const cdp = createClientele({ storage, plugins: [backedUp()], keys: KEYS, logger: silentLogger() })
  try {
    await cdp.start({ workers: false })
    expect(await cdp.operate.diagnose()).toContainEqual(
      expect.objectContaining({ name: 'schema', status: 'ok' }),
    )
    const schemas = `select nspname from pg_namespace where nspname like 'clientele%'`
    expect(await run(storage, schemas)).toEqual([])
  } finally {
    await cdp.stop()
    await run(server.storage, `drop database ${name} with (force)`)
    await server.dispose()
  }
})

test('keys that cannot be read and a database that does not answer are said in a sentence each', async () => {
  const storage = postgres({ url: 'postgres://shop:hunter2@127.0.0.1:1/shop' })
  const cdp = createClientele({ storage, plugins: [], keys: 'k1:short', logger: silentLogger() })
  onTestFinished(() => cdp.stop())

  const checks = await cdp.operate.diagnose()

  expect(checks.filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual([
    'keys',
    'database',
  ])
  expect(checks.find(({ name }) => name === 'database')?.message).toContain(
    'PostgreSQL at 127.0.0.1:1, database "shop", does not answer',
  )
  expect(JSON.stringify(checks)).not.toContain('hunter2')
})
