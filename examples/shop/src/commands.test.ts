import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { eachStorage } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { EXAMPLE_DATA } from './first-run.ts'
import { factsOf } from './online-retail/online-retail.fixture.ts'
import { startTestShop, TEST_KEYS, testFolder } from './test-shop.fixture.ts'

const SLOW = { timeout: 300_000 }

eachStorage((kind) => {
  test('an import killed half-way is finished by running it again', SLOW, async () => {
    const { url } = await startTestShop(kind)
    const file = join(await testFolder(), 'part.csv')
    writeFileSync(file, firstRows(25_000))

    const killed = run('import.ts', [file, '--db', url])
    await killed.says('stderr', /importing [2-9]\d %/)
    killed.child.kill('SIGKILL')
    expect(await killed.exit).toBe(null)

    const { metrics: _, ...facts } = factsOf(file)
    const finished = run('import.ts', [file, '--db', url])
    expect(await finished.exit, finished.output.stderr).toBe(0)
    const answer = JSON.parse(finished.output.stdout) as Record<string, unknown>
    expect(answer).toMatchObject({ ...facts, unaccounted: 0 })
    expect(answer).toHaveProperty('seconds')
    expect(answer).toHaveProperty('maxRssMb')
  })
})

test(
  'a start fills the shop, counts segments, serves, lets people in and stops when told; the next one starts as it was',
  SLOW,
  async () => {
    const environment = { DATABASE_URL: `sqlite:${join(await testFolder(), 'shop.db')}`, PORT: '0' }
    for (const isFirst of [true, false]) {
      const start = run('main.ts', [], environment)
      await start.says('stdout', /curl .+\n/)
      expect(start.output.stderr.includes('importing')).toBe(isFirst)
      expect(start.output.stdout).toMatch(/Regulars: 182 of 2127 customers/)
      const [, url, query] = /'(http:\/\/localhost:\d+)(\/\S+)'/.exec(start.output.stdout) ?? []
      const token = /token\s+(\S+)/.exec(start.output.stdout)?.[1]
      const response = await fetch(`${url}${query}`, { headers: { authorization: `Bearer ${token}` } })
      expect(((await response.json()) as { items: unknown[] }).items).toHaveLength(3)
      expect((await fetch(`${url}/docs`)).status).toBe(200)
      expect(start.output.stdout.includes('Make yourself its operator')).toBe(isFirst)
      if (isFirst) await letPeopleIn(start, url!)
      start.child.kill('SIGTERM')
      expect(await start.exit).toBe(0)
    }
  },
)

test('a taken port is told with the way out', async () => {
  const taken = createServer().listen(0)
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  const port = String((taken.address() as AddressInfo).port)
  const environment = { DATABASE_URL: `sqlite:${join(await testFolder(), 'shop.db')}`, PORT: port }
  const start = run('main.ts', [], environment)
  expect(await start.exit).toBe(1)
  expect(start.output.stderr).toBe(
    `Cannot listen on port ${port}: it is taken; choose another: PORT=3001 npm start\n`,
  )
})

test.each([
  [['nowhere.csv'], /there is no such file/],
  [[], /Name one file to import/],
  [['--wrong'], /Unknown option '--wrong'/],
  [[EXAMPLE_DATA, '--db', 'mysql://localhost'], /write sqlite:FILE or postgres:/],
  [[fileURLToPath(import.meta.url)], /it is no CSV/],
])('import %j says what is wrong, and nothing on stdout', async (args, reason) => {
  const database = `sqlite:${join(await testFolder(), 'shop.db')}`
  const command = run('import.ts', args, { DATABASE_URL: database })
  expect(await command.exit).toBe(1)
  expect(command.output.stderr).toMatch(reason)
  expect(command.output.stderr).not.toMatch(/\n +at /)
  expect(command.output.stdout).toBe('')
})

/** As the greeting says: the operator with its token, somebody else with a code from a mail. */
async function letPeopleIn(start: Command, url: string): Promise<void> {
  const password = 'correct horse battery'
  const post = (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password, ...body }),
    })
  const token = /set-up#token=(\S+)/.exec(start.output.stdout)?.[1]
  expect((await post('/api/v1/operator/setup', { token, email: 'you@shop.example' })).status).toBe(201)
  expect((await post('/api/auth/register', { email: 'ana@example.com' })).status).toBeLessThan(300)
  await start.says('stdout', /To: ana@example\.com\n.+\d{6} is your code for Shop/)
}

function firstRows(count: number): string {
  const text = gunzipSync(readFileSync(EXAMPLE_DATA)).toString()
  return text.split('\n').slice(0, count).join('\n')
}

interface Command {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  /** The exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>
  /** Resolves when the stream has said it; rejects when the command ends without. */
  says(stream: 'stdout' | 'stderr', what: RegExp): Promise<void>
}

function run(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@clientele/source', file, ...args], {
    env: { ...process.env, CLIENTELE_KEYS: TEST_KEYS, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  return {
    child,
    output,
    exit,
    says: (stream, what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (what.test(output[stream])) resolve()
        }
        child[stream].on('data', look)
        look()
        void exit.then((code) => reject(new Error(`It ended with ${code} and said: ${output.stderr}`)))
      }),
  }
}
