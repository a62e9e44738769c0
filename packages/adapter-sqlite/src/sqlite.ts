import type {
  BackupOptions,
  BackupReport,
  Connection,
  LaneScope,
  Statement,
  StatementResult,
  Storage,
  StorageDetails,
  StorageHost,
} from '@clientele/core'
import { coreErrors, systemRandom } from '@clientele/core'
import type Database from 'better-sqlite3'
import { type DialectAdapter, type QueryCompiler, SqliteQueryCompiler } from 'kysely'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { backUp } from './backup.ts'
import { BUSY_TIMEOUT, isBusy, untilFree } from './busy.ts'
import { constraintOf } from './constraint-of.ts'
import { identityOf, sqliteDetails, type FileIdentity } from './details.ts'
import { describeSchema } from './describe-schema.ts'
import { sqliteCapabilities, sqliteDialect, TransactionalSqliteAdapter } from './dialect.ts'
import { withFileLock } from './file-lock.ts'
import { assertSound, openDatabase } from './open-database.ts'
import { PopulationLane } from './population-lane.ts'
import { ReaderLane } from './reader-lane.ts'
import type { ConnectionContext } from './sqlite-connection.ts'
import { sqliteErrors } from './sqlite.errors.ts'
import { WriterLane } from './writer-lane.ts'

/** Which database, and how it is used. */
export interface SqliteOptions {
  /**
   * Path of the database file; it and its folder are made when missing. `':memory:'` is a temporary file that goes
   * with the storage. Left out when `database` is given.
   */
  readonly file?: string
  /**
   * A better-sqlite3 `Database` of the host, opened on a file: host and Clientele then write through one connection,
   * and `hostTransaction` and `join` put both into one transaction. It is switched to WAL with `synchronous = FULL`
   * and never closed. Outside `hostTransaction` the host must not write on it while a transaction of Clientele is open.
   */
  readonly database?: HostDatabase
  /** Told of every statement that held the main thread for longer than `slowStatementMs`. */
  readonly onSlowStatement?: (statement: Statement, ms: number) => void
  /** @default 50 */
  readonly slowStatementMs?: number
}

/** The part of a better-sqlite3 `Database` by which one is known, so that its types are not needed. */
export interface HostDatabase {
  readonly name: string
  readonly memory: boolean
  readonly inTransaction: boolean
  prepare(sql: string): object
  exec(sql: string): unknown
}

/**
 * SQLite as the storage: a file, no service. Several processes may share the file.
 *
 * @example
 * createClientele({ storage: sqlite('clientele.db'), plugins: [customers()] })
 */
export function sqlite(options: string | SqliteOptions): Storage {
  return new SqliteStorage(typeof options === 'string' ? { file: options } : options)
}

const SYSTEM: LaneScope = { tenantId: '*' }

interface Lanes {
  readonly writer: WriterLane
  readonly reader: ReaderLane
  readonly population: PopulationLane
}

class SqliteStorage implements Storage {
  readonly $$type = 'clientele/storage'
  readonly id: string
  readonly keyFile: string
  readonly fileFolder: string
  readonly capabilities = sqliteCapabilities
  readonly sql = sqliteDialect
  readonly #options: SqliteOptions
  readonly #file: string
  readonly #temporary: boolean
  #lanes: Lanes | null = null
  #opened: FileIdentity | null = null
  #closing: Promise<void> | null = null

  constructor(options: SqliteOptions) {
    const name = options.database?.name ?? options.file
    if (!name) throw sqliteErrors['sqlite.options']({ problem: 'give `file`, or the `database` of the host' })
    if (options.database?.memory) {
      const problem =
        'the `database` is in memory, where reading connections cannot follow; open it on a file'
      throw sqliteErrors['sqlite.options']({ problem })
    }
    this.#options = options
    this.#temporary = name === ':memory:'
    this.#file = this.#temporary ? temporaryFile() : resolve(name)
    this.id = `sqlite:${this.#temporary ? ':memory:' : this.#file}`
    this.keyFile = `${this.#file}.keys`
    this.fileFolder = `${this.#file}.files`
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new TransactionalSqliteAdapter()
  }

  async open(host: StorageHost): Promise<void> {
    const { database, onSlowStatement, slowStatementMs = 50 } = this.#options
    const context: ConnectionContext = {
      columnType: (table, column) => host.columnType(table, column),
      schemaVersion: 0,
      onSlowStatement,
      slowStatementMs,
    }
    const own = await openDatabase(this.#file, { cacheMiB: 32, readsOnly: false })
    const shared = database as Database.Database | undefined
    if (shared) {
      // Ours has switched the file to WAL by now; the rest belongs to a connection.
      own.close()
      assertSound(shared)
      shared.pragma('synchronous = FULL')
      shared.pragma('foreign_keys = ON')
    }
    this.#opened = await identityOf(this.#file)
    this.#lanes = {
      writer: new WriterLane(shared ?? own, context, shared !== undefined),
      reader: await untilFree(() => new ReaderLane(this.#file, context), BUSY_TIMEOUT),
      population: new PopulationLane(this.#file),
    }
    this.#closing = null
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async health(): Promise<void> {
    await this.#open().reader.connection.execute({ sql: 'PRAGMA schema_version', parameters: [] })
  }

  async now(): Promise<number> {
    const sql = `SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS now`
    const { rows } = await this.#open().reader.connection.execute({ sql, parameters: [] })
    return rows[0]!['now'] as number
  }

  async read<T>(_scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T> {
    return run(this.#open().reader.connection)
  }

  async write<T>(_scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T> {
    const { writer } = this.#open()
    return writer.transaction(() => run(writer.connection))
  }

  async population(_scope: LaneScope, statement: Statement, signal?: AbortSignal): Promise<StatementResult> {
    const { reader, population } = this.#open()
    const plan = await untilFree(() => reader.connection.plan(statement.sql), BUSY_TIMEOUT)
    if (!plan) throw coreErrors['storage.read_only']({ table: statement.sql })
    return population.run(statement, plan, signal)
  }

  async hostTransaction<T>(run: (hostConnection: unknown) => Promise<T>): Promise<T> {
    const { writer } = this.#open()
    return writer.transaction(() => run(writer.connection.database))
  }

  async join(_scope: LaneScope, hostConnection: unknown): Promise<Connection> {
    const { connection } = this.#open().writer
    if (hostConnection !== connection.database) {
      throw sqliteErrors['sqlite.not_a_connection']({
        problem: 'Clientele does not write through this connection',
      })
    }
    if (!connection.database.inTransaction) {
      throw sqliteErrors['sqlite.not_a_connection']({ problem: 'no transaction is open on it' })
    }
    return connection
  }

  lock<T>(name: string, run: () => Promise<T>): Promise<T> {
    return withFileLock(`${this.#file}-${name.replace(/[^\w-]/g, '_')}.lock`, run)
  }

  isRetryable(error: unknown): boolean {
    return isBusy(error)
  }

  constraintOf = constraintOf

  async analyze(): Promise<void> {
    const { writer, reader, population } = this.#open()
    const indexes = `SELECT name FROM sqlite_schema WHERE type = 'index'`
    const { rows } = await reader.connection.execute({ sql: indexes, parameters: [] })
    // One after the other and in the worker's thread: none holds the write lock for long, nor this thread at all.
    for (const { name } of rows) await population.analyze(String(name))
    // Each connection learns of them in its own way.
    const reload = { sql: 'ANALYZE sqlite_schema', parameters: [] }
    await writer.transaction(() => writer.connection.execute(reload))
    await untilFree(() => reader.reopen(), BUSY_TIMEOUT)
    population.reopen()
  }

  async build(sql: string): Promise<void> {
    await this.#open().population.build(sql)
  }

  async describeSchema(prefix: string): Promise<string> {
    return describeSchema(this.#open().reader.connection, prefix)
  }

  exists(): boolean {
    return this.#options.database !== undefined || existsSync(this.#file)
  }

  async details(): Promise<StorageDetails> {
    const { writer, reader } = this.#open()
    const statement = { sql: 'PRAGMA synchronous', parameters: [] }
    const population = async (): Promise<unknown> => {
      const { rows } = await this.population(SYSTEM, statement, AbortSignal.timeout(2000))
      return rows[0]?.['synchronous']
    }
    return sqliteDetails({
      file: this.#file,
      opened: this.#opened,
      writer: writer.connection.database,
      reader: reader.connection.database,
      population,
    })
  }

  backup(file: string, options: BackupOptions = {}): Promise<BackupReport> {
    return backUp(this.#file, file, options)
  }

  async verify({ deep }: { readonly deep: boolean }): Promise<readonly string[]> {
    const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
      (await this.population(SYSTEM, { sql, parameters: [] })).rows
    const orphans = await rows(
      'SELECT "table" AS child, parent, count(*) AS n FROM pragma_foreign_key_check() GROUP BY "table", parent',
    )
    const damage = deep
      ? await rows('SELECT integrity_check AS said FROM pragma_integrity_check LIMIT 20')
      : []
    return [
      ...orphans.map(
        ({ child, parent, n }) =>
          `${String(n)} rows of ${String(child)} name rows of ${String(parent)} that are not there`,
      ),
      ...damage.map(({ said }) => String(said)).filter((said) => said !== 'ok'),
    ]
  }

  scratch(): Storage {
    return new SqliteStorage({ file: ':memory:' })
  }

  async #close(): Promise<void> {
    const lanes = this.#lanes
    this.#lanes = null
    if (!lanes) return
    await Promise.all([lanes.writer.drain(), lanes.population.close()])
    lanes.reader.close()
    lanes.writer.close()
    if (this.#temporary) rmSync(dirname(this.#file), { recursive: true, force: true })
  }

  #open(): Lanes {
    if (this.#lanes) return this.#lanes
    throw coreErrors['storage.unavailable']({ reason: this.#closing ? 'it is closed' : 'it is not open' })
  }
}

function temporaryFile(): string {
  return join(tmpdir(), `clientele-${Buffer.from(systemRandom().bytes(8)).toString('hex')}`, 'clientele.db')
}
