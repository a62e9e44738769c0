import { randomBytes } from 'node:crypto'
import { postgres, type PostgresOptions } from '@clientele/adapter-postgres'
import type { Storage } from '@clientele/core'
import pg from 'pg'

/** A storage on a schema of its own: what a temporary file is to SQLite. */
export interface PostgresTestStorage {
  readonly storage: Storage
  /** The schema's name, for connections of the test's own: `set search_path to …`. */
  readonly schema: string
  /** Closes the storage and drops the schema with all it holds. */
  dispose(): Promise<void>
}

/**
 * A PostgreSQL storage in a new schema; `dispose` leaves nothing behind.
 *
 * @param url a database whose user may create schemas: `inject('postgresUrl')`
 * @example
 * const { storage, dispose } = await postgresTestStorage(inject('postgresUrl'))
 * onTestFinished(dispose)
 */
export async function postgresTestStorage(
  url: string,
  options: Omit<PostgresOptions, 'url' | 'pool' | 'schema'> = {},
): Promise<PostgresTestStorage> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  const storage = postgres({ max: 5, ...options, url, schema })
  return {
    storage,
    schema,
    async dispose() {
      await storage.close()
      await dropSchema(url, schema)
    },
  }
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`set client_min_messages to warning; drop schema if exists ${schema} cascade`)
  } finally {
    await client.end()
  }
}
