import type { DialectAdapter, QueryCompiler } from 'kysely'
import type { Logger } from '../ports/logger.ts'
import type { Clock } from '../ports/clock.ts'
import type { SqlType } from './physical.ts'

/** What the database can do. Core asks here and never for the dialect's name. */
export interface Capabilities {
  /** For SQL that must differ; used by helpers and migrations only. */
  readonly dialect: 'postgres' | 'sqlite'
  /** Rows can be claimed with `FOR UPDATE SKIP LOCKED`. */
  readonly skipLocked: boolean
  /** Rows can be locked with `FOR UPDATE`; without it a write transaction holds the one write lock. */
  readonly rowLocks: boolean
  /** Several write transactions run at once. */
  readonly concurrentWriters: boolean
  /** Forced row-level security is switched on. */
  readonly rowLevelSecurity: boolean
  /** How full-text search is done. */
  readonly fullText: 'fts5' | 'tsvector'
  /** The largest number of bound parameters in one statement. */
  readonly maxParameters: number
}

/** A statement as the adapter runs it: physical names, encoded parameters. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** What a statement answers. */
export interface StatementResult {
  /**
   * Rows with camelCase property names and decoded values: UUIDs are strings, instants ISO-8601 strings, JSON is
   * parsed, booleans are booleans, counts are numbers. A result column named `name::type` (a {@link SqlType}) is
   * decoded as that type and answered as `name`.
   */
  readonly rows: Record<string, unknown>[]
  /** Rows inserted, updated or deleted; 0 for a read. */
  readonly affected: number
}

/** One database connection, or the host's open transaction. Used by one caller at a time. */
export interface Connection {
  execute(statement: Statement): Promise<StatementResult>
  /** The rows of a read in chunks of at most `chunkSize`. */
  stream(statement: Statement, chunkSize: number): AsyncIterableIterator<StatementResult>
  /**
   * Inserts many rows by the fastest means the database has; all or none. `table` and `columns` are physical
   * names; the caller has encoded the values with {@link SqlDialect.encode}. Answers how many.
   */
  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number>
}

/** A column of rows that are inserted in bulk; its name is physical. */
export interface BulkColumn {
  readonly name: string
  readonly type: SqlType
}

/** Who a lane works for: row-level security follows it. `*` is the system, which sees all tenants. */
export interface LaneScope {
  readonly tenantId: string
}

/** The SQL that differs between databases, as text over physical names. */
export interface SqlDialect {
  /** The column type in DDL: `uuid`, `BLOB`. */
  columnType(type: SqlType): string
  /** Appended to every `CREATE TABLE (…)`: ` STRICT`. */
  readonly tableSuffix: string
  /** Turns a TypeScript value into the bound parameter of a column of that type. */
  encode(type: SqlType, value: unknown): unknown
}

/** What the core hands to an adapter when it opens. */
export interface StorageHost {
  readonly logger: Logger
  readonly clock: Clock
  /** The type of a physical column, for databases whose results do not carry it. */
  columnType(table: string, column: string): SqlType | undefined
}

/**
 * The storage port: a Kysely compiler and adapter, capabilities, and lanes. Construction does no I/O.
 *
 * SQLite has three lanes per process: one writer, one main-thread reader for short indexed reads, and readers in
 * worker threads for population statements. PostgreSQL serves all three from its pool.
 */
export interface Storage {
  readonly $$type: 'clientele/storage'
  /** Shown in logs and in `/ready`. */
  readonly id: string
  /** Where a key file readable by its owner only may live, beside the data; null when there is no such place. */
  readonly keyFile: string | null
  /** The folder beside the data where files may be kept; null when they go into the database. */
  readonly fileFolder: string | null
  readonly capabilities: Capabilities
  readonly sql: SqlDialect
  createQueryCompiler(): QueryCompiler
  createAdapter(): DialectAdapter

  open(host: StorageHost): Promise<void>
  /** Waits for running work, then closes. Safe to call twice. */
  close(): Promise<void>
  /** Rejects when the database cannot answer. */
  health(): Promise<void>
  /** The database's own time, in milliseconds since 1970. */
  now(): Promise<number>

  /** A short indexed read. On SQLite it runs on the main thread: at most a few milliseconds. */
  read<T>(scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * A write transaction: begun before `run`, committed when it resolves, rolled back when it rejects.
   * @throws `storage.busy` when the write lock cannot be had within 10 s.
   */
  write<T>(scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * One statement over a population, off the main thread. Aborting drops it; when it has started it is cancelled, or goes
   * on for nobody where the database cannot. Either way it keeps no other one waiting for long.
   */
  population(scope: LaneScope, statement: Statement, signal?: AbortSignal): Promise<StatementResult>
  /**
   * A write transaction of the host's own: begun before `run`, committed when it resolves, rolled back when it
   * rejects. `hostConnection` is what the host's statements run on and what {@link Storage.join} takes.
   * @throws `storage.busy`
   */
  hostTransaction<T>(run: (hostConnection: unknown) => Promise<T>): Promise<T>
  /** Wraps the host's open transaction; neither commits nor rolls back. */
  join(scope: LaneScope, hostConnection: unknown): Promise<Connection>
  /** Runs `run` while no other process holds the lock of that name (migrations). */
  lock<T>(name: string, run: () => Promise<T>): Promise<T>
  /** True when the error means "run the transaction again": serialization failure, deadlock, busy. */
  isRetryable(error: unknown): boolean
  /** The violated constraint, when the error is one; core turns it into a 409 or 422 that names the field. */
  constraintOf(error: unknown): ConstraintViolation | null
  /** Refreshes the planner's statistics after a bulk load. */
  analyze(): Promise<void>
  /**
   * Runs a statement that makes or drops an index (physical names), in no transaction, so that it may take long: off the
   * main thread, and beside readers; on PostgreSQL beside writers too, where the statement says `CONCURRENTLY`.
   */
  build(sql: string): Promise<void>
  /** A physical description of all tables under a prefix, for drift checks: equal schemas give equal text. */
  describeSchema(prefix: string): Promise<string>
  /**
   * Puts these tables (physical names, prefix included) under forced row-level security by `tenant_id`, when it is
   * switched on. Called after migrations, with all tenant tables; costs one read when nothing is left to do.
   */
  secure?(tables: readonly string[]): Promise<void>
  /** Whether there is a database already; {@link Storage.open} makes one where it can. Asked before it is open. */
  exists?(): boolean
  /**
   * What an operator wants to know of the database: engine, version, durability, sizes. Names are those of
   * {@link StorageDetails}, and others that an adapter adds. Never passwords or connection strings. A part that cannot
   * be learned within a second or two is null.
   */
  details?(): Promise<StorageDetails>
  /**
   * Writes a copy that this adapter opens as a database, as it was at one instant after the call, while others go on
   * writing. The file appears under its name once it is whole, looked through and on disk; until then, and for ever
   * when that fails, the name is not taken. An existing file is replaced. Files of {@link Storage.fileFolder} and keys are
   * not in it.
   */
  backup?(file: string, options?: BackupOptions): Promise<BackupReport>
  /**
   * What is wrong in the data, a sentence each: references that lead nowhere, indexes that are not valid; with `deep`
   * pages that are damaged, which reads the whole database. Off the main thread.
   */
  verify?(options: { readonly deep: boolean }): Promise<readonly string[]>
  /** An empty database of the same kind, not open, that goes when it is closed. For comparing schemas. */
  scratch?(): Storage
}

/** Facts about a database; names in lower case with dots. */
export interface StorageDetails {
  /** `SQLite` or `PostgreSQL`. */
  readonly engine: string
  readonly version: string
  /** Bytes of the database, its log left out; null when unknown. */
  readonly 'size.bytes': number | null
  readonly [name: string]: string | number | boolean | null
}

export interface BackupOptions {
  /** Told now and then; `total` may grow. Bytes. */
  readonly onProgress?: (done: number, total: number) => void
  /** Physical names of tables that must be in the copy. @default none */
  readonly tables?: readonly string[]
  readonly signal?: AbortSignal
}

export interface BackupReport {
  readonly bytes: number
  /** What was looked at in the copy, for people: `integrity`, `foreign keys`. */
  readonly verified: readonly string[]
}

/** Which constraint a write has violated. */
export interface ConstraintViolation {
  readonly kind: 'unique' | 'foreignKey' | 'notNull' | 'check'
  /** Physical names, as far as the database tells. */
  readonly table?: string
  readonly columns: readonly string[]
}
