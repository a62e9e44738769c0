import { coreErrors, type StorageHost } from '@clientele/core'
import pg from 'pg'
import { hasState } from './database-error.ts'
import type { PgClient, PgPool, PgPoolClient, ResolvedOptions } from './postgres.options.ts'
import { targetOf } from './target-of.ts'
import { Session } from './session.ts'

/** A connection for as long as one piece of work needs it. */
export interface Lease {
  readonly client: PgPoolClient
  /** Null when statements are not to be prepared. */
  readonly session: Session | null
  /** Set it when the connection's state is unknown: it is closed instead of used again. */
  broken: boolean
}

/** For how long a connection is asked for again when the server has no room or is starting up, in milliseconds. */
const NO_ROOM_FOR = 60_000

/** Lends the process's connections, each set up once; closes those whose state is unknown. */
export class ConnectionPool {
  readonly #options: ResolvedOptions
  readonly #host: StorageHost
  readonly #pool: PgPool
  readonly #own: pg.Pool | null
  readonly #sessions = new WeakMap<PgClient, Session>()
  #lent = 0
  #closing = false
  #onIdle: (() => void) | undefined

  constructor(options: ResolvedOptions, host: StorageHost) {
    this.#options = options
    this.#host = host
    this.#own = options.pool ? null : ownPool(options)
    this.#pool = options.pool ?? this.#own!
    // Without a listener, a server that closes an idle connection would end the process.
    this.#own?.on('error', (error) => {
      // Not the error itself: pg hangs the client on it, with all it knows.
      host.logger.warn({ reason: error.message }, 'PostgreSQL closed an idle connection')
    })
  }

  /** Runs `work` with a connection of its own. */
  async use<T>(work: (lease: Lease) => Promise<T>): Promise<T> {
    if (this.#closing) throw coreErrors['storage.unavailable']({ reason: 'the storage is closed' })
    this.#lent++
    try {
      const lease = await this.#lend()
      try {
        return await work(lease)
      } catch (error) {
        throw this.#isLost(lease.client, error) ? this.#unavailable(error) : error
      } finally {
        await release(lease)
      }
    } finally {
      this.#lent--
      if (this.#lent === 0) this.#onIdle?.()
    }
  }

  /** What is known of a connection that this pool has lent before. */
  sessionOf(client: PgClient): Session | undefined {
    return this.#sessions.get(client)
  }

  /** How many connections there are, and who uses them; a host's own pool may not tell. */
  usage(): Readonly<Record<`pool.${'max' | 'open' | 'idle' | 'lent' | 'waiting'}`, number | null>> {
    const pool = this.#pool as Partial<pg.Pool>
    return {
      'pool.max': this.#options.pool ? (pool.options?.max ?? null) : this.#options.max,
      'pool.open': pool.totalCount ?? null,
      'pool.idle': pool.idleCount ?? null,
      'pool.lent': this.#lent,
      'pool.waiting': pool.waitingCount ?? null,
    }
  }

  /** Waits until every connection is back, then closes them; the host's own pool stays open. */
  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    if (this.#lent > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
    await this.#own?.end()
  }

  async #lend(): Promise<Lease> {
    const client = await this.#connect()
    let session = this.#sessions.get(client)
    if (!session) {
      session = new Session()
      this.#sessions.set(client, session)
      // While lent, a connection that breaks reports to nobody else; the running statement rejects as well.
      client.on('error', (err) => {
        this.#sessions.get(client)!.lost = err
        this.#host.logger.warn({ reason: err.message }, 'A PostgreSQL connection broke')
      })
      try {
        await client.query(setUp(this.#options))
      } catch (error) {
        client.release(true)
        throw this.#unavailable(error)
      }
    }
    return { client, session: this.#options.preparedStatements ? session : null, broken: false }
  }

  #isLost(client: PgClient, error: unknown): boolean {
    return this.#sessions.get(client)?.lost !== undefined || hasState(error, '57P01', '57P02', '57P03')
  }

  async #connect(): Promise<PgPoolClient> {
    for (let waited = 0; ;) {
      try {
        return await this.#pool.connect()
      } catch (error) {
        // 53300: too many connections; 57P03: the server is starting up.
        if (!hasState(error, '53300', '57P03') || waited >= NO_ROOM_FOR) throw this.#unavailable(error)
        const pause = 50 + (waited % 200)
        waited += pause
        await this.#host.clock.sleep(pause)
      }
    }
  }

  #unavailable(cause: unknown): Error {
    const reason = `${targetOf(this.#options)} does not answer: ${messageOf(cause)}`
    return coreErrors['storage.unavailable']({ reason }, { cause })
  }
}

function ownPool(options: ResolvedOptions): pg.Pool {
  return new pg.Pool({
    ...(options.url === undefined ? {} : { connectionString: options.url }),
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeout,
    keepAlive: true,
  })
}

/** One round trip on each new connection. Session settings, not start-up parameters, which poolers refuse. */
function setUp(options: ResolvedOptions): string {
  const { pool, schema, schemaAlone, lockTimeout, statementTimeout, idleInTransactionTimeout } = options
  const statements = pool
    ? []
    : [
        `set timezone to 'UTC'`,
        `set datestyle to 'ISO, YMD'`,
        `set bytea_output to 'hex'`,
        // Streams are read to their end: the plan that is fastest for the first rows is not wanted.
        `set cursor_tuple_fraction to 1`,
        `set lock_timeout to ${lockTimeout}`,
        `set statement_timeout to ${statementTimeout}`,
        `set idle_in_transaction_session_timeout to ${idleInTransactionTimeout}`,
      ]
  if (!schema) return [...statements, 'select 1'].join('; ')
  const path = schemaAlone
    ? `set search_path to ${pg.escapeIdentifier(schema)}`
    : searchPathFirst(schema, 'session')
  return [...statements, path].join('; ')
}

/** Puts the schema first in the search path, once; what the host finds there is still found. */
export function searchPathFirst(schema: string, scope: 'session' | 'transaction'): string {
  const name = pg.escapeLiteral(pg.escapeIdentifier(schema))
  const path = `current_setting('search_path')`
  const first = `case when starts_with(${path}, ${name}) then ${path} else concat_ws(', ', ${name}, nullif(${path}, '')) end`
  return `select set_config('search_path', ${first}, ${scope === 'transaction'})`
}

async function release({ client, session, broken }: Lease): Promise<void> {
  const status = (client as Partial<PgPoolClient>).getTransactionStatus?.() ?? 'I'
  let destroy = broken || status !== 'I'
  const dropped = destroy ? [] : (session?.takeDropped() ?? [])
  if (dropped.length > 0) {
    try {
      await client.query(dropped.map((name) => `deallocate ${name}`).join('; '))
      forgetParsed(client, dropped)
    } catch {
      destroy = true
    }
  }
  client.release(destroy)
}

/** `pg` remembers every name for ever; it has no other way to be told. */
function forgetParsed(client: PgClient, names: readonly string[]): void {
  const { connection } = client as { connection?: { parsedStatements?: Record<string, string> } }
  for (const name of names) delete connection?.parsedStatements?.[name]
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
