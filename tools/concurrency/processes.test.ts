import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Clientele, type Storage } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { postgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { COUNTED, type Task } from './task.ts'

const FIXTURE = fileURLToPath(new URL('./start-process.fixture.ts', import.meta.url))
/** Twenty processes rather than twenty instances in four. */
const LONG = process.env['CLIENTELE_LONG'] === '1'

test('eight processes start the whole shop at once on one empty SQLite file, each migration once', async () => {
  const file = join(await folder(), 'shop.db')
  await Promise.all(Array.from({ length: 8 }, () => run({ file, instances: 1, writes: 0 })))
  await expectMigratedOnce(sqlite(file))
}, 120_000)

test('twenty start it at once on one empty PostgreSQL, each migration once', async () => {
  const database = await postgresTestStorage(inject('postgresUrl'))
  onTestFinished(() => database.dispose())
  const { storage, schema, url } = database
  const processes = LONG ? 20 : 4
  const task = { url, schema, instances: 20 / processes, writes: 0 }
  await Promise.all(Array.from({ length: processes }, () => run(task)))
  await expectMigratedOnce(storage)
}, 120_000)

test('eight processes that read, modify and write one customer of a SQLite file lose no update', async () => {
  const file = join(await folder(), 'shop.db')
  const cdp = shopOn(sqlite(file))
  await cdp.start({ workers: false })
  await cdp.as().tx((t) => t.repo(Customer).insert({ id: COUNTED, traits: { count: 0 } }))
  const writes = LONG ? 500 : 50
  const answers = await Promise.all(Array.from({ length: 8 }, () => run({ file, instances: 1, writes })))
  const row = await cdp.as().ctx.repo(Customer).get(COUNTED)
  expect(row).toMatchObject({ traits: { count: 8 * writes }, version: 8 * writes + 1 })
  console.log(`longest turn of an event loop: ${Math.max(...answers.map(({ longestMs }) => longestMs))} ms`)
  await cdp.stop()
}, 120_000)

function shopOn(storage: Storage): Clientele {
  const plugins = [customers(), inventory(), orders(), segments()]
  return createClientele({ storage, logger: silentLogger(), keys: KEYS, plugins })
}

const KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`

/** What the ledger of a started shop says: nothing pending, nothing twice. */
async function expectMigratedOnce(storage: Storage): Promise<void> {
  const cdp = shopOn(storage)
  await cdp.start({ workers: false })
  const { applied, pending, orphans } = await cdp.migrations.status()
  const names = applied.map(({ plugin, name }) => `${plugin}/${name}`)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(5)
  expect({ pending, orphans }).toEqual({ pending: [], orphans: [] })
  await cdp.stop()
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'clientele-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Runs a process to its end; anything it complains of is a failure. */
function run(task: Task): Promise<{ readonly longestMs: number }> {
  const child = spawn(process.execPath, ['--conditions=@clientele/source', FIXTURE, JSON.stringify(task)])
  let [out, complaints] = ['', '']
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (complaints += String(chunk)))
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0 && complaints === '') resolve(JSON.parse(out) as { longestMs: number })
      else reject(new Error(`The process ended with ${code}: ${complaints}`))
    })
  })
}
