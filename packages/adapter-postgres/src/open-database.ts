import { coreErrors, type StorageHost } from '@clientele/core'
import pg from 'pg'
import type { ConnectionPool } from './connection-pool.ts'
import { hasState } from './database-error.ts'
import { postgresErrors } from './postgres.errors.ts'
import type { PgClient, ResolvedOptions } from './postgres.options.ts'

/** The oldest major version that is tested. */
const MINIMUM_VERSION = 14

/** Creates the schema when missing and looks at what the server is before anything relies on it. */
export async function openDatabase(
  pool: ConnectionPool,
  options: ResolvedOptions,
  host: StorageHost,
): Promise<void> {
  await pool.use(async ({ client }) => {
    const facts = await readFacts(client, options.schema ?? null)
    if (facts.version < MINIMUM_VERSION * 10_000) {
      throw postgresErrors['postgres.too_old']({ version: facts.name, minimum: MINIMUM_VERSION })
    }
    if (!facts.schemaExists) await createSchema(client, options.schema!)
    else if (facts.schema === null) throw noSchema()
    warn(facts, options, host)
  })
}

interface Facts {
  readonly version: number
  readonly name: string
  readonly fsync: string
  readonly synchronousCommit: string
  readonly seesAll: boolean
  readonly schemaExists: boolean
  readonly schema: string | null
}

async function readFacts(client: PgClient, schema: string | null): Promise<Facts> {
  const { rows } = await client.query<Facts>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
       current_setting('fsync') as fsync, current_setting('synchronous_commit') as "synchronousCommit",
       (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as "seesAll",
       $1::text is null or exists (select 1 from pg_namespace where nspname = $1) as "schemaExists",
       current_schema() as schema`,
    [schema],
  )
  return rows[0]!
}

async function createSchema(client: PgClient, schema: string): Promise<void> {
  try {
    await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`)
  } catch (error) {
    // Two processes created it at the same moment.
    if (!hasState(error, '23505', '42P06')) throw error
  }
}

function warn(facts: Facts, { rls }: ResolvedOptions, { logger }: StorageHost): void {
  if (facts.fsync === 'off' || facts.synchronousCommit === 'off') {
    const { fsync, synchronousCommit } = facts
    logger.warn(
      { fsync, synchronousCommit },
      'PostgreSQL may lose committed transactions when its machine stops',
    )
  }
  if (rls && facts.seesAll) {
    logger.warn({}, 'Row-level security has no effect: the role is a superuser or has BYPASSRLS')
  }
}

function noSchema(): Error {
  const reason = 'no schema of the search path exists, so tables have no place; set the option "schema"'
  return coreErrors['storage.unavailable']({ reason })
}
