import { silentLogger, systemClock } from '@clientele/core'
import { temporaryFolder } from '@clientele/testing'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqlite } from './sqlite.ts'

const scope = { tenantId: '*' }
const host = { logger: silentLogger(), clock: systemClock(), columnType: () => undefined }

test('eight processes start at once on an empty file, migrate once, and lose no update', async () => {
  const file = await temporaryFile()
  const worker = `
    await storage.open(host)
    await storage.lock('migrations', async () => {
      const tables = await read("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'counter'")
      if (tables[0].n > 0) return
      await storage.write(scope, async (connection) => {
        await connection.execute({ sql: 'CREATE TABLE counter (n INTEGER) STRICT', parameters: [] })
        await connection.execute({ sql: 'INSERT INTO counter VALUES (0)', parameters: [] })
      })
    })
    for (let i = 0; i < 100; i++) {
      await storage.write(scope, async (connection) => {
        const { rows } = await connection.execute({ sql: 'SELECT n FROM counter', parameters: [] })
        await connection.execute({ sql: 'UPDATE counter SET n = ?', parameters: [rows[0].n + 1] })
      })
    }
    await storage.close()`
  const processes = Array.from({ length: 8 }, () => start(file, worker))
  expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(
    processes.map(() => ({ code: 0, errors: '' })),
  )
  const storage = sqlite(file)
  await storage.open(host)
  const { rows } = await storage.read(scope, (connection) =>
    connection.execute({ sql: 'SELECT n FROM counter', parameters: [] }),
  )
  expect(rows).toEqual([{ n: 800 }])
  await storage.close()
})

test('the event loop turns while another process holds the write lock', async () => {
  const file = await temporaryFile()
  const holder = start(
    file,
    `
    await storage.open(host)
    await storage.write(scope, async () => {
      console.log('held')
      await new Promise((resolve) => process.stdin.once('data', resolve))
    })
    await storage.close()
    process.stdin.destroy()`,
  )
  await holder.said('held')
  const storage = sqlite(file)
  await storage.open(host)
  const order: string[] = []
  const written = storage.write(scope, async () => void order.push('written'))
  for (let ticks = 0; ticks < 30; ticks++) await new Promise((resolve) => setTimeout(resolve, 5))
  order.push('thirty ticks')
  holder.say('let go')
  await written
  expect(order).toEqual(['thirty ticks', 'written'])
  expect(await holder.ended).toEqual({ code: 0, errors: '' })
  await storage.close()
})

test('the lock and the transaction of a killed process are free', async () => {
  const file = await temporaryFile()
  const holder = start(
    file,
    `
    await storage.open(host)
    await storage.lock('migrations', () =>
      storage.write(scope, async (connection) => {
        await connection.execute({ sql: 'CREATE TABLE half (n INTEGER) STRICT', parameters: [] })
        console.log('held')
        await new Promise((resolve) => process.stdin.once('data', resolve))
      }),
    )`,
  )
  await holder.said('held')
  holder.kill()
  const storage = sqlite(file)
  await storage.open(host)
  const tables = await storage.lock('migrations', () =>
    storage.write(scope, (connection) =>
      connection.execute({ sql: `SELECT name FROM sqlite_schema WHERE name = 'half'`, parameters: [] }),
    ),
  )
  expect(tables.rows).toEqual([])
  await storage.close()
  await holder.ended
})

interface Process {
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
  said(word: string): Promise<void>
  say(word: string): void
  kill(): void
}

function start(file: string, script: string): Process {
  const head = `
    import { sqlite } from ${JSON.stringify(new URL('./sqlite.ts', import.meta.url).href)}
    const storage = sqlite(${JSON.stringify(file)})
    const scope = { tenantId: '*' }
    const host = { columnType: () => undefined }
    const read = (sql) => storage.read(scope, async (connection) => (await connection.execute({ sql, parameters: [] })).rows)`
  const child = spawn(process.execPath, [
    '--conditions=@clientele/source',
    '--input-type=module',
    '-e',
    head + script,
  ])
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, errors }))
  })
  return {
    ended,
    async said(word) {
      while (!output.includes(word)) {
        if (child.exitCode !== null) throw new Error(`The process ended before it said "${word}":\n${errors}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    say: (word) => void child.stdin.write(word),
    kill: () => void child.kill('SIGKILL'),
  }
}

async function temporaryFile(): Promise<string> {
  return join(await temporaryFolder(), 'test.db')
}
