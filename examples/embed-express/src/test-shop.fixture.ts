import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, silentLogger, systemRandom } from '@clientele/core'
import type { TestStorage } from '@clientele/testing'
import type { Express } from 'express'
import pg from 'pg'
import { inject, onTestFinished, vi } from 'vitest'
import type { Shop } from './app.ts'
import { createCdp } from './clientele/clientele.ts'
import { openDatabase } from './host/open-database.ts'
import { createTables } from './host/schema.ts'
import { createSession } from './host/sessions.ts'
import { createUser, type User } from './host/users.ts'

export interface TestShop extends Shop {
  /** A shopper with 100.00 of credit. */
  readonly ana: User
  /** The headers of a signed-in user. */
  readonly signIn: (role: User['role']) => Promise<Record<string, string>>
  /** What was sent: `order id → address`. */
  readonly receipts: ReadonlyMap<string, string>
  /** Every row that a checkout writes, counted. */
  readonly counts: () => Promise<
    Record<'orders' | 'customers' | 'ordersInClientele' | 'jobs' | 'credit', number>
  >
}

/** A shop on a database of its own, as `main.ts` composes it; jobs run when the test says so. */
export async function createTestShop(storage: TestStorage): Promise<TestShop> {
  vi.stubEnv('CLIENTELE_KEYS', generateKey('test', systemRandom()))
  onTestFinished(() => void vi.unstubAllEnvs())
  const database = openDatabase(await newDatabase(storage))
  onTestFinished(() => database.close().catch(() => {}))
  const receipts = new Map<string, string>()
  const cdp = createCdp(database, async (email, orderId) => void receipts.set(orderId, email), silentLogger())
  onTestFinished(() => cdp.stop())
  await cdp.start({ workers: false })
  const { sql } = database
  const write = <T>(work: (sql: Shop['database']['sql']) => Promise<T>): Promise<T> =>
    cdp.hostTransaction((connection) => work(database.on(connection)))
  await write(createTables)
  const person = { name: 'Ana', password: 'tea', credit: 10_000 } as const
  const ana = await write((t) => createUser(t, { ...person, email: 'ana@shop.example', role: 'shopper' }))
  const olga = await write((t) => createUser(t, { ...person, email: 'olga@shop.example', role: 'staff' }))
  return {
    database,
    cdp,
    ana,
    receipts,
    async signIn(role) {
      const token = await write((t) => createSession(t, role === 'staff' ? olga : ana))
      return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    },
    async counts() {
      const [row] = await sql`
        select (select count(*) from orders) as orders,
          (select count(*) from clientele_customers) as customers,
          (select count(*) from clientele_orders) as "ordersInClientele",
          (select count(*) from clientele_jobs where name = 'receipts.send') as jobs,
          (select credit from users where id = ${ana.id}) as credit`
      return Object.fromEntries(Object.entries(row as object).map(([name, n]) => [name, Number(n)])) as never
    },
  }
}

/** Serves an app until the test ends; answers where. */
export async function serve(app: Express): Promise<string> {
  const server = createServer(app)
  onTestFinished(() => {
    server.close().closeAllConnections()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function newDatabase(storage: TestStorage): Promise<string> {
  if (storage === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'embed-express-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    return `sqlite:${join(folder, 'shop.db')}`
  }
  const schema = `embed_${randomBytes(8).toString('hex')}`
  await onServer(`create schema ${schema}`)
  onTestFinished(() => onServer(`set client_min_messages to warning; drop schema ${schema} cascade`))
  const url = new URL(inject('postgresUrl'))
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}

async function onServer(statements: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  await client.query(statements).finally(() => client.end())
}
