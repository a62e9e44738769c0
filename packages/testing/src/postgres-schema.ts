import { randomBytes } from 'node:crypto'
import { postgres, type PostgresOptions } from '@clientele/adapter-postgres'
import type { Storage } from '@clientele/core'
import pg from 'pg'

/** A storage on a schema of its own: what a temporary file is to SQLite. */
export interface PostgresTestStorage {
  readonly storage: Storage
  /** The schema's name, for connections of the test's own: `set search_path to …`. */
  readonly schema: string
  /** What the storage connects with; with `rls` a role made for this test. */
  readonly url: string
  /** Closes the storage and drops the schema with all it holds. */
  dispose(): Promise<void>
}

/**
 * A PostgreSQL storage in a new schema; `dispose` leaves nothing behind. With `rls: true` it works as an ordinary role
 * that owns the schema, because a superuser does not feel row-level security.
 *
 * @param url a database whose user may create schemas, and roles for `rls`: `inject('postgresUrl')`
 * @example
 * const { storage, dispose } = await postgresTestStorage(inject('postgresUrl'))
 * onTestFinished(dispose)
 */
export async function postgresTestStorage(
  url: string,
  options: Omit<PostgresOptions, 'url' | 'pool' | 'schema'> = {},
): Promise<PostgresTestStorage> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  const ownUrl = options.rls ? await createOwner(url, schema) : url
  const storage = postgres({ max: 5, ...options, url: ownUrl, schema })
  return {
    storage,
    schema,
    url: ownUrl,
    dispose: async () => {
      await storage.close()
      const drop = options.rls
        ? `drop owned by ${schema} cascade; drop role ${schema}`
        : `drop schema if exists ${schema} cascade`
      await runAs(url, `set client_min_messages to warning; ${drop}`)
    },
  }
}

/** An ordinary role of the schema's name that owns it; answers how to connect as it. */
async function createOwner(url: string, schema: string): Promise<string> {
  const password = randomBytes(16).toString('hex')
  await runAs(
    url,
    `create role ${schema} login password '${password}'; grant ${schema} to current_user; create schema ${schema} authorization ${schema}`,
  )
  const own = new URL(url)
  own.username = schema
  own.password = password
  return own.href
}

async function runAs(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
