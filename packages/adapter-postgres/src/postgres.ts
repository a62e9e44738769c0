import {
  coreErrors,
  systemRandom,
  type BackupOptions,
  type BackupReport,
  type Capabilities,
  type Connection,
  type ConstraintViolation,
  type LaneScope,
  type Statement,
  type StatementResult,
  type Storage,
  type StorageDetails,
  type StorageHost,
} from '@clientele/core'
import { PostgresAdapter, PostgresQueryCompiler, type DialectAdapter, type QueryCompiler } from 'kysely'
import pg from 'pg'
import { withAdvisoryLock } from './advisory-lock.ts'
import { backUp } from './backup.ts'
import { ConnectionPool, type Lease } from './connection-pool.ts'
import { constraintOf } from './constraint-of.ts'
import { hasState, isRetryable } from './database-error.ts'
import { postgresDetails } from './details.ts'
import { describeTables } from './describe-schema.ts'
import { postgresDialect } from './dialect.ts'
import { joinConnection } from './join-connection.ts'
import { openDatabase } from './open-database.ts'
import { PopulationLane } from './population-lane.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { postgresErrors } from './postgres.errors.ts'
import {
  resolveOptions,
  type PgClient,
  type PostgresOptions,
  type ResolvedOptions,
} from './postgres.options.ts'
import { bindTenant, readKeys, secureTables, unsecuredTables } from './row-level-security.ts'
import { RowPlans } from './row-plan.ts'
import { targetOf } from './target-of.ts'

/**
 * PostgreSQL 14 or later as the storage, through `pg`.
 *
 * @example
 * createClientele({ storage: postgres('postgres://shop@localhost/shop'), plugins: [customers()] })
 */
export function postgres(options: string | PostgresOptions): Storage {
  return new PostgresStorage(resolveOptions(typeof options === 'string' ? { url: options } : options))
}

const COLUMNS = `
  select t.relname as "table", a.attname as "column" from pg_class t join pg_attribute a on a.attrelid = t.oid
  where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and a.attnum > 0`

// References are held by the server; what it was told not to check, or could not build, is what can be wrong.
const UNSOUND = `
  select format('the constraint %s of %s was never checked', conname, conrelid::regclass) as problem from pg_constraint
  where connamespace = current_schema()::regnamespace and not convalidated
  union all
  select format('the index %s of %s is not valid', indexrelid::regclass, indrelid::regclass) from pg_index
  join pg_class on pg_class.oid = indrelid
  where relnamespace = current_schema()::regnamespace and not indisvalid`

const SYSTEM: LaneScope = { tenantId: '*' }
const BEGIN_READ = 'begin isolation level read committed read only'
const BEGIN_WRITE = 'begin isolation level read committed read write'

interface OpenDatabase {
  readonly pool: ConnectionPool
  readonly lane: PopulationLane
  readonly host: StorageHost
}

class PostgresStorage implements Storage {
  readonly $$type = 'clientele/storage'
  readonly id = 'postgres'
  readonly keyFile = null
  readonly fileFolder = null
  readonly capabilities: Capabilities
  readonly sql = postgresDialect
  readonly #options: ResolvedOptions
  readonly #plans = new RowPlans()
  #keys: ReadonlyMap<string, readonly string[]> = new Map()
  #open: OpenDatabase | undefined
  #closed = false

  constructor(options: ResolvedOptions) {
    this.#options = options
    this.capabilities = {
      dialect: 'postgres',
      fullText: 'tsvector',
      skipLocked: true,
      rowLocks: true,
      concurrentWriters: true,
      rowLevelSecurity: options.rls,
      maxParameters: 65_535,
    }
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter()
  }

  async open(host: StorageHost): Promise<void> {
    if (this.#open && !this.#closed) return
    const pool = new ConnectionPool(this.#options, host)
    try {
      await openDatabase(pool, this.#options, host)
    } catch (error) {
      await pool.close()
      throw error
    }
    this.#open = { pool, lane: new PopulationLane(pool, host, this.#options.populationMax), host }
    this.#closed = false
    if (this.#options.rls) await this.#learnKeys()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#open?.pool.close()
  }

  async health(): Promise<void> {
    await this.#pool('ask for its health').use(({ client }) => client.query('select 1'))
  }

  async now(): Promise<number> {
    const sql = `select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`
    const { rows } = await this.#pool('read its time').use((lease) =>
      this.#on(lease).execute({ sql, parameters: [] }),
    )
    return rows[0]!['now'] as number
  }

  async read<T>(scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#pool('read').use((lease) => this.#readOn(lease, scope, run))
  }

  async write<T>(scope: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T> {
    const begin = this.#options.rls ? `${BEGIN_WRITE}; ${bindTenant(scope.tenantId)}` : BEGIN_WRITE
    return this.#pool('write').use((lease) =>
      this.#transaction(lease, begin, () => run(this.#on(lease, true))),
    )
  }

  async population(scope: LaneScope, statement: Statement, signal?: AbortSignal): Promise<StatementResult> {
    return this.#opened('count').lane.run((lease) => {
      // Never prepared: a plan made for these very parameters is worth more than the time to make it.
      const unprepared = { ...lease, session: null }
      return this.#readOn(unprepared, scope, (connection) => connection.execute(statement))
    }, signal)
  }

  async hostTransaction<T>(run: (hostConnection: unknown) => Promise<T>): Promise<T> {
    return this.#pool('open a transaction').use((lease) =>
      this.#transaction(lease, BEGIN_WRITE, () => run(lease.client)),
    )
  }

  async join(scope: LaneScope, hostConnection: unknown): Promise<Connection> {
    const { pool } = this.#opened('join a transaction')
    const sessionOf = (client: PgClient) => pool.sessionOf(client)
    return joinConnection(hostConnection, scope, { options: this.#options, plans: this.#plans, sessionOf })
  }

  async lock<T>(name: string, run: () => Promise<T>): Promise<T> {
    const { pool, host } = this.#opened(`take the lock "${name}"`)
    return withAdvisoryLock(pool, host, name, run)
  }

  isRetryable(error: unknown): boolean {
    return isRetryable(error)
  }

  constraintOf(error: unknown): ConstraintViolation | null {
    return constraintOf(error, this.#keys)
  }

  async analyze(): Promise<void> {
    const { pool, host } = this.#opened('refresh statistics')
    await pool.use(async (lease) => {
      const { rows } = await this.#on(lease).execute({ sql: COLUMNS, parameters: [] })
      const ours = rows.filter((row) => host.columnType(row['table'] as string, row['column'] as string))
      const tables = new Set(ours.map((row) => pg.escapeIdentifier(row['table'] as string)))
      if (tables.size > 0) await lease.client.query(`analyze ${[...tables].join(', ')}`)
    })
  }

  async build(sql: string): Promise<void> {
    await this.#pool('make an index').use(async (lease) => {
      // It takes the time it takes; the connection is not given back with that.
      lease.broken = true
      await lease.client.query('set statement_timeout to 0; set lock_timeout to 0')
      await lease.client.query(sql)
    })
  }

  async describeSchema(prefix: string): Promise<string> {
    return this.#pool('describe its schema').use((lease) => describeTables(this.#on(lease), prefix))
  }

  async secure(tables: readonly string[]): Promise<void> {
    if (!this.#options.rls) return
    const missing = await this.read(SYSTEM, (connection) => unsecuredTables(connection, tables))
    if (missing.length > 0) await this.write(SYSTEM, (connection) => secureTables(connection, tables))
    await this.#learnKeys()
  }

  async details(): Promise<StorageDetails> {
    return postgresDetails(this.#pool('describe'))
  }

  backup(file: string, options: BackupOptions = {}): Promise<BackupReport> {
    return backUp(this.#options, file, options)
  }

  async verify(): Promise<readonly string[]> {
    return this.#pool('look through the data').use(async ({ client }) => {
      const { rows } = await client.query<{ problem: string }>(UNSOUND)
      return rows.map(({ problem }) => problem)
    })
  }

  scratch(): Storage {
    return new ScratchStorage(this.#options)
  }

  async #learnKeys(): Promise<void> {
    this.#keys = await this.read(SYSTEM, readKeys)
  }

  /** A read of its own; with row-level security a transaction, so that the tenant cannot outlive it. */
  #readOn<T>(lease: Lease, { tenantId }: LaneScope, run: (connection: Connection) => Promise<T>): Promise<T> {
    if (!this.#options.rls) return run(this.#on(lease))
    return this.#transaction(lease, `${BEGIN_READ}; ${bindTenant(tenantId)}`, () =>
      run(this.#on(lease, true)),
    )
  }

  async #transaction<T>(lease: Lease, begin: string, run: () => Promise<T>): Promise<T> {
    try {
      await lease.client.query(begin)
      const result = await run()
      const { command } = await lease.client.query('commit')
      if (command === 'ROLLBACK') throw postgresErrors['postgres.rolled_back']({ at: 'commit' })
      return result
    } catch (error) {
      await lease.client.query('rollback').catch(() => (lease.broken = true))
      if (!hasState(error, '55P03')) throw error
      throw coreErrors['storage.busy']({ waitedMs: this.#options.lockTimeout }, { cause: error })
    }
  }

  #on({ client, session }: Lease, inTransaction = false): Connection {
    return new PostgresConnection({ client, session, plans: this.#plans, inTransaction })
  }

  #pool(action: string): ConnectionPool {
    return this.#opened(action).pool
  }

  #opened(action: string): OpenDatabase {
    if (this.#open) return this.#open
    throw coreErrors['config.not_started']({ action: `${action} on ${targetOf(this.#options)}` })
  }
}

/** A schema of its own name, dropped when it is closed. */
class ScratchStorage extends PostgresStorage {
  readonly #drop: string

  constructor(options: ResolvedOptions) {
    if (options.pool) {
      // Its connections would go on looking into this schema first.
      const problem = 'a host\'s "pool" cannot lend connections to a second schema; compose with "url"'
      throw postgresErrors['postgres.options']({ problem })
    }
    const schema = `clientele_scratch_${Buffer.from(systemRandom().bytes(6)).toString('hex')}`
    super({ ...options, schema, schemaAlone: true, rls: false, max: 2, populationMax: 1 })
    this.#drop = `drop schema if exists ${schema} cascade`
  }

  override async close(): Promise<void> {
    const sql = this.#drop
    await this.write(SYSTEM, (connection) => connection.execute({ sql, parameters: [] })).catch(() => {})
    await super.close()
  }
}
