import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestClientele, newDatabase, testToken } from '@clientele/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startProgram, type Program } from '../kernel/program.fixture.ts'
import { gate, notes } from './notes.fixture.ts'
import { notesInstance, type ServerOptions } from './server-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'server-process.fixture.ts')
const LONG = process.env['CLIENTELE_LONG'] === '1'

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('five hundred identical requests at once are one row and one body', async () => {
    const t = await createTestClientele({ storage: kind, plugins: [notes()] })
    const before = gate.wait
    onTestFinished(() => void (gate.wait = before))
    // So that most of them arrive while the first runs.
    gate.wait = () => sleep(300)
    const url = `${await t.url()}/api/v1/slow-notes`
    const headers = { ...JSON_TYPE, 'idempotency-key': randomUUID(), authorization: testToken({}) }
    const body = JSON.stringify({ title: 'tea' })
    let told = 0
    const ask = async (): Promise<string> => {
      const response = await fetch(url, { method: 'POST', headers, body })
      if (response.status === 201) return response.text()
      expect([response.status, response.headers.get('retry-after')]).toEqual([409, '1'])
      told++
      await sleep(1000 * Number(response.headers.get('retry-after')))
      return ask()
    }
    const bodies = await Promise.all(Array.from({ length: 500 }, ask))
    expect(new Set(bodies).size).toBe(1)
    expect(await t.as().ctx.db.selectFrom('notes').select('title').execute()).toEqual([{ title: 'tea' }])
    console.log(`${kind}: ${told} times a client was told to come back`)
  }, 60_000)

  test('two processes on one database carry each request out once', async () => {
    const options = { database: await newDatabase(kind) }
    await migrated(options)
    const servers = await Promise.all([start(options), start(options)])
    const ports = servers.map(({ port }) => port)
    const keys = Array.from({ length: LONG ? 1000 : 60 }, () => randomUUID())
    const answers = await Promise.all(
      keys.map((key) => Promise.all([0, 1, 0, 1].map((at) => answerOf(key, () => ports[at]!)))),
    )
    for (const bodies of answers) expect(new Set(bodies).size).toBe(1)
    expect(await titles(options)).toEqual(keys.toSorted())
  }, 180_000)

  test('requests whose server is killed again and again are carried out exactly once', async () => {
    const options = { database: await newDatabase(kind), lockMs: 1000 }
    await migrated(options)
    const kills = LONG ? 60 : 3
    let server = await start(options)
    const run = { isOver: false }
    const keys: string[] = []
    // Clients that send the next request when the one before is answered, whoever answers.
    const clients = Array.from({ length: 8 }, async () => {
      while (!run.isOver) {
        const key = randomUUID()
        keys.push(key)
        const first = await answerOf(key, () => server.port)
        expect(await answerOf(key, () => server.port)).toBe(first)
      }
    })
    for (let n = 0; n < kills; n++) {
      await sleep(Math.random() * 400)
      server.child.kill('SIGKILL')
      await once(server.child, 'exit')
      server = await start(options)
    }
    run.isOver = true
    await Promise.all(clients)
    expect(await titles(options)).toEqual(keys.toSorted())
    console.log(`${kind}: ${keys.length} requests, ${kills} kills`)
  }, 600_000)
})

const JSON_TYPE = { 'content-type': 'application/json' }

/** Sends until there is an answer, as a client would: the same key and body every time. */
async function answerOf(key: string, port: () => number): Promise<string> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port()}/api/v1/slow-notes`, {
        method: 'POST',
        headers: { ...JSON_TYPE, 'idempotency-key': key },
        body: JSON.stringify({ title: key }),
      })
      const text = await response.text()
      if (response.status === 201) return text
      expect([409, 503], text).toContain(response.status)
    } catch (error) {
      // Its server is gone.
      if (!(error instanceof TypeError)) throw error
    }
    await sleep(50)
  }
}

async function start(options: ServerOptions): Promise<{ child: Program; port: number }> {
  const child = startProgram(PROGRAM, options)
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
  return { child, port: Number(String(said)) }
}

/** So that killed processes do not leave the making of tables to each other. */
async function migrated(options: ServerOptions): Promise<void> {
  const instance = notesInstance(options)
  await instance.start({ workers: false })
  await instance.stop()
}

async function titles(options: ServerOptions): Promise<string[]> {
  const instance = notesInstance(options)
  onTestFinished(() => instance.stop())
  await instance.start({ workers: false })
  const rows = await instance.as().ctx.db.selectFrom('notes').select('title').execute()
  return rows.map(({ title }) => title as string).toSorted()
}
