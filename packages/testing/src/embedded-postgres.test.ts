import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { startPostgres } from './embedded-postgres.ts'

test('the test run has a PostgreSQL 18 whose text does not sort by bytes', async () => {
  expect(
    await query(
      inject('postgresUrl'),
      `select current_setting('server_version_num')::int / 10000 as major, 'a' < 'B' as english,
         pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = current_database()`,
    ),
  ).toEqual([{ major: 18, english: true, encoding: 'UTF8' }])
})

test.for([
  { name: 'a server that was stopped', script: 'await server.stop(); await server.stop()', code: 0 },
  {
    name: 'a script that ends by itself and failed',
    script: 'await server.stop(); process.exitCode = 3',
    code: 3,
  },
  { name: 'a script that exits without stopping it', script: 'process.exit(3)', code: 3 },
  {
    name: 'a signal',
    script: `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9000)`,
    code: 'SIGTERM',
  },
])('after $name nothing is left, and the exit code is its own', async ({ script, code }) => {
  const temporary = await mkdtemp(join(tmpdir(), 'clientele-test-'))
  await chmod(temporary, 0o711) // PostgreSQL runs as another user when we are root
  try {
    expect(await startIn(temporary, script)).toBe(code)
    expect(await readdir(temporary)).toEqual([])
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
})

test('a durable server syncs to disk, and takes settings', async () => {
  const server = await startPostgres({ durable: true, settings: { work_mem: '7MB' } })
  try {
    expect(
      await query(
        server.url,
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
           current_setting('work_mem') as memory`,
      ),
    ).toEqual([{ fsync: 'on', commit: 'on', memory: '7MB' }])
  } finally {
    await server.stop()
  }
})

/** Runs a script with a started `server` in a process of its own. Answers its exit code or signal. */
function startIn(temporary: string, script: string): Promise<number | string | null> {
  const source =
    `import { startPostgres } from '@clientele/testing/embedded-postgres'\n` +
    `const server = await startPostgres({ durable: false })\n${script}`
  const args = ['--conditions=@clientele/source', '--input-type=module', '--eval', source]
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary }
  return new Promise((resolve, reject) => {
    spawn(process.execPath, args, { env, stdio: 'inherit' })
      .once('error', reject)
      .once('exit', (code, signal) => resolve(code ?? signal))
  })
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
