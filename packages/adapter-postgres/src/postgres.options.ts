import type { ClientBase } from 'pg'
import { postgresErrors } from './postgres.errors.ts'

/** A connection of `pg`: a `Client`, or what a `Pool` lends. */
export type PgClient = ClientBase

/** A connection lent by a pool. */
export interface PgPoolClient extends PgClient {
  /** With true (or an error) the connection is closed instead of used again. */
  release(destroy?: Error | boolean): void
}

/** What is used of a `pg` `Pool`. */
export interface PgPool {
  connect(): Promise<PgPoolClient>
}

/** Where the database is, and how this process uses it. Times are in milliseconds. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`, as `pg` reads it; else the `PG…` variables. */
  readonly url?: string
  /**
   * The host's own pool, instead of `url`; for sockets, certificates, passwords that change. It must lend at least two
   * connections at a time and is not closed with the storage. Time-outs and time zone stay as the host set them.
   */
  readonly pool?: PgPool
  /** The most connections this process opens; at least 2. @default 10 */
  readonly max?: number
  /** How many of them may run population statements at once. @default a third of `max` */
  readonly populationMax?: number
  /**
   * Forces row-level security by tenant: a second wall behind the query transform. Each read becomes a transaction (two
   * round trips more), and the role must be neither superuser nor BYPASSRLS.
   * @default false
   */
  readonly rls?: boolean
  /** The schema of all tables, created when missing; stands first in the search path. @default the search path's */
  readonly schema?: string
  /**
   * Keeps repeated statements prepared on their connection. Switch it off behind a pooler that lends a server
   * connection per transaction.
   * @default true
   */
  readonly preparedStatements?: boolean
  /** How long opening a connection, or waiting for a free one, may take. @default 10_000 */
  readonly connectTimeout?: number
  /** How long a statement waits for a row or table lock before the transaction runs again. @default 10_000 */
  readonly lockTimeout?: number
  /** How long a statement may run; 0 is without limit. @default 0 */
  readonly statementTimeout?: number
  /** How long a connection may stand still in an open transaction before the server closes it. @default 60_000 */
  readonly idleInTransactionTimeout?: number
  /** Shown in `pg_stat_activity`. @default 'clientele' */
  readonly applicationName?: string
}

/** Options with defaults filled in. */
export interface ResolvedOptions
  extends
    Required<Omit<PostgresOptions, 'url' | 'pool' | 'schema'>>,
    Pick<PostgresOptions, 'url' | 'pool' | 'schema'> {
  /** Nothing outside the schema is seen: its tables must not be taken for those of another one. @default false */
  readonly schemaAlone?: boolean
}

/**
 * Fills in defaults.
 * @throws `postgres.options`
 */
export function resolveOptions(options: PostgresOptions): ResolvedOptions {
  const { max = 10, schema } = options
  if (options.url !== undefined && options.pool) throw wrong('"url" and "pool" exclude each other')
  if (!Number.isInteger(max) || max < 2) throw wrong(`"max" must be an integer of at least 2, not ${max}`)
  if (schema !== undefined && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw wrong(`"schema" must be a lower-case name of at most 63 letters, digits and _, not "${schema}"`)
  }
  return {
    populationMax: Math.max(1, Math.floor(max / 3)),
    rls: false,
    preparedStatements: true,
    connectTimeout: 10_000,
    lockTimeout: 10_000,
    statementTimeout: 0,
    idleInTransactionTimeout: 60_000,
    applicationName: 'clientele',
    max,
    ...options,
  }
}

function wrong(problem: string): Error {
  return postgresErrors['postgres.options']({ problem })
}
