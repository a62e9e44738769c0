import {
  silentLogger,
  systemClock,
  type LogFields,
  type SqlType,
  type Storage,
  type StorageHost,
} from '@clientele/core'
import { postgresTestStorage, type PostgresTestStorage } from '@clientele/testing'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import type { PostgresOptions } from './postgres.options.ts'

export const system = { tenantId: '*' }

/** A storage host that knows no tables and keeps warnings. */
export function testHost(warnings: LogFields[] = []): StorageHost {
  const logger = { ...silentLogger(), warn: (fields: LogFields) => void warnings.push(fields) }
  return { logger, clock: systemClock(), columnType: (): SqlType | undefined => 'uuid' }
}

/** An open storage in a schema of its own, gone when the test ends. */
export async function openTestStorage(
  options: Omit<PostgresOptions, 'url' | 'pool' | 'schema'> = {},
): Promise<PostgresTestStorage> {
  const test = await postgresTestStorage(inject('postgresUrl'), options)
  onTestFinished(() => test.dispose())
  await test.storage.open(testHost())
  return test
}

/** Runs statements in a write transaction of the system. */
export async function run(storage: Storage, ...statements: readonly string[]): Promise<void> {
  await storage.write(system, async (connection) => {
    for (const sql of statements) await connection.execute({ sql, parameters: [] })
  })
}

/** Reads rows as the system. */
export async function rowsOf(
  storage: Storage,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return (await storage.read(system, (connection) => connection.execute({ sql, parameters }))).rows
}

/** A connection of a host, closed when the test ends. */
export async function hostClient(url: string = inject('postgresUrl')): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
