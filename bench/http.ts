import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answer } from './lib/built-process.ts'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { load, wireRequest } from './lib/load.ts'
import { median, round } from './lib/statistics.ts'

interface Target {
  readonly port: number
  readonly stop: () => void
  /** Ids of rows that exist. */
  readonly ids: readonly string[]
}

const HEADERS = { authorization: 'Bearer bench' }
const CONNECTIONS = 16

/**
 * `http.{list,get,create}.ratio`: requests per second of Clientele over a hand-written server, both on SQLite with
 * `synchronous = FULL`, measured in turn, median of the pairs.
 */
export const http: Family = {
  name: 'http',
  about: 'requests per second over a hand-written Express server',
  targets: {
    'http.list.ratio': { atLeast: 0.75 },
    'http.get.ratio': { atLeast: 0.6 },
    'http.create.ratio': { atLeast: 0.5 },
  },
  run: benchHttp,
}

async function benchHttp({ small, log }: BenchOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  const [ours, bare] = await Promise.all([
    start('http-server-clientele.ts', join(folder, 'ours.db')),
    start('http-server-bare.ts', join(folder, 'bare.db')),
  ])
  try {
    const figures: Record<string, number> = {}
    for (const kind of ['list', 'get', 'create'] as const) {
      log(`${kind}, ${CONNECTIONS} connections`)
      Object.assign(
        figures,
        await compare(kind, ours, bare, small ? { pairs: 5, ms: 250 } : { pairs: 9, ms: 1500 }),
      )
    }
    return figures
  } finally {
    ours.stop()
    bare.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(
  kind: 'list' | 'get' | 'create',
  ours: Target,
  bare: Target,
  { pairs, ms }: { pairs: number; ms: number },
): Promise<Record<string, number>> {
  const ratios: number[] = []
  const rates: number[] = []
  await measure(kind, ours, ms)
  await measure(kind, bare, ms)
  for (let pair = 0; pair < pairs; pair++) {
    const rate = await measure(kind, ours, ms)
    ratios.push(rate / (await measure(kind, bare, ms)))
    rates.push(rate)
  }
  return {
    [`http.${kind}.ratio`]: round(median(ratios)),
    [`http.${kind}.perSecond`]: Math.round(median(rates)),
  }
}

async function measure(
  kind: 'list' | 'get' | 'create',
  { port, ids }: Target,
  durationMs: number,
): Promise<number> {
  let n = 0
  const list = wireRequest('GET', '/api/v1/customers?limit=50', HEADERS)
  const gets = ids.map((id) => wireRequest('GET', `/api/v1/customers/${id}`, HEADERS))
  const request = {
    list: () => list,
    get: () => gets[n++ % gets.length]!,
    create: () =>
      wireRequest(
        'POST',
        '/api/v1/customers',
        HEADERS,
        JSON.stringify({
          firstName: 'Ana',
          lastName: 'Silva',
          email: `ana${n++}@example.com`,
          country: 'BR',
        }),
      ),
  }[kind]
  const expectedStatus = kind === 'create' ? 201 : 200
  const result = await load({ port, connections: CONNECTIONS, durationMs, expectedStatus, request })
  if (result.wrong > 0)
    throw new Error(`${result.wrong} of ${result.requests} ${kind} answers were not ${expectedStatus}`)
  return result.perSecond
}

async function start(file: string, database: string): Promise<Target> {
  const child = fork(new URL(file, import.meta.url), [database], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const { port } = await answer<{ port: number }>(child)
  const ids: string[] = []
  for (let n = 0; n < 200; n++) {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/customers`, {
      method: 'POST',
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify({
        firstName: 'Ana',
        lastName: 'Silva',
        email: `row${n}@example.com`,
        country: 'BR',
      }),
    })
    ids.push(((await response.json()) as { id: string }).id)
  }
  return { port, ids, stop: () => void child.kill() }
}
