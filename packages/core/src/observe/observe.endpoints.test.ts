import { createTestClientele, eachStorage, type TestClienteleOptions } from '@clientele/testing'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import {
  col,
  defineEntity,
  defineJob,
  definePlugin,
  handleJob,
  Metrics,
  crudRoutes,
  route,
} from '../index.ts'
import type { Health } from './health.ts'

const Note = defineEntity('notes', { text: col.text() })
const Remind = defineJob('notes.remind', z.object({ text: z.string() }), { attempts: 1 })
const notes = definePlugin({
  id: 'notes',
  version: '1.2.3',
  requires: { core: '*' },
  entities: [Note],
  migrations: {
    '0001-notes': {
      up: (m) => m.createTable({ name: 'notes', columns: { text: col.text() } }),
      down: (m) => m.dropTable('notes'),
    },
  },
  permissions: { 'notes:read': { label: 'Read notes' }, 'notes:write': { label: 'Write notes' } },
  routes: crudRoutes(Note, { path: '/api/v1/notes', read: 'notes:read', write: 'notes:write' }),
  jobs: [
    handleJob(Remind, async ({ text }, ctx) => {
      ctx.get(Metrics).counter('notes_reminders_total', { help: 'Reminders.' }).of().add()
      if (text === 'fail') throw new Error('nobody there')
    }),
  ],
})
const compose = (options: Partial<TestClienteleOptions<[ReturnType<typeof notes>]>> = {}) =>
  createTestClientele({ plugins: [notes()], ...options })

eachStorage((storage) => {
  test('metrics tell of requests by route, of jobs, transactions and the process', async () => {
    const t = await compose({ storage })
    const { json } = await t.fetch('/api/v1/notes', { method: 'POST', body: { text: 'Ana' } })
    await t.fetch(`/api/v1/notes/${json.id}`)
    await t.fetch(`/api/v1/notes/${json.id}`)
    await t.fetch('/api/v1/notes/nonsense')
    await t.fetch('/nowhere', { method: 'PROPFIND' })
    await t.as().tx(async (tx) => {
      await tx.enqueue(Remind, { text: 'tea' })
      await tx.enqueue(Remind, { text: 'fail' })
    })
    await t.drain()
    await t.as().tx((tx) => tx.enqueue(Remind, { text: 'later' }))

    const { status, headers, text } = await t.fetch('/metrics')

    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = text.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'clientele_http_requests_total{route="/api/v1/notes",method="POST",status="201"} 1',
        'clientele_http_requests_total{route="/api/v1/notes/:id",method="GET",status="200"} 2',
        'clientele_http_requests_total{route="/api/v1/notes/:id",method="GET",status="400"} 1',
        'clientele_http_request_duration_seconds_count{route="/api/v1/notes/:id",method="GET"} 3',
        'clientele_http_requests_in_flight 1',
        'clientele_job_runs_total{job="notes.remind",outcome="done"} 1',
        'clientele_job_runs_total{job="notes.remind",outcome="dead"} 1',
        'clientele_job_duration_seconds_count{job="notes.remind"} 2',
        'clientele_jobs{state="ready"} 1',
        'clientele_jobs{state="dead"} 1',
        'notes_reminders_total 2',
      ]),
    )
    expect(text).toMatch(/^clientele_transactions_total\{outcome="committed"\} [3-9]/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
    expect(text).toContain(`database="${storage}"`)
    expect(text).not.toContain('default')
    expect(text).not.toContain('Ana')
  })

  test('the details of the health name durability, migrations, plugins, jobs and the process', async () => {
    const t = await compose({ storage })
    await t.as().tx((tx) => tx.enqueue(Remind, { text: 'fail' }))
    await t.drain()

    const { status, json } = await t.fetch('/health/details')
    const health = json as Health

    expect(status).toBe(200)
    expect(health.status).toBe('warn')
    expect(health.plugins).toContainEqual({ id: 'notes', version: '1.2.3' })
    expect(health.migrations).toMatchObject({ pending: [], orphans: [] })
    expect(health.queue).toMatchObject({ jobs: { waiting: 0, ready: 0, running: 0, dead: 1 } })
    expect(health.process.node).toBe(process.version)
    const of = (name: string) => health.checks.find((check) => check.name === name)
    expect(of('dead jobs')).toMatchObject({ status: 'warn', message: '1 failed for good' })
    expect(of('migrations')).toMatchObject({ status: 'ok' })
    expect(of('database')).toMatchObject({ status: 'ok' })
    if (storage === 'sqlite') {
      expect(health.database).toMatchObject({
        engine: 'SQLite',
        'journal.mode': 'wal',
        'synchronous.writer': 'FULL',
        'synchronous.reader': 'FULL',
        'synchronous.population': 'FULL',
      })
      expect(of('durability')).toMatchObject({ status: 'ok' })
    } else {
      // The tests' server is fast because it is careless, and says so.
      expect(health.database).toMatchObject({ engine: 'PostgreSQL', fsync: 'off', 'lock.timeout.ms': 10_000 })
      expect(of('durability')).toMatchObject({
        status: 'warn',
        message: expect.stringContaining('fsync is off') as string,
      })
      expect(of('timeouts')).toMatchObject({ status: 'ok' })
    }
  })
})

describe('who may read', () => {
  for (const path of ['/metrics', '/health/details']) {
    test(`${path} is closed to strangers, and says how to open it`, async () => {
      const t = await compose()

      const stranger = await t.fetch(path, { as: null })
      expect(stranger.status).toBe(401)
      expect(stranger.json).toMatchObject({ code: 'observe.unauthenticated' })
      expect(stranger.json.detail).toContain('system:read')
      expect((await t.fetch(path, { as: { permissions: ['notes:read'] } })).status).toBe(403)
      expect((await t.fetch(path, { as: { permissions: ['system:read'] } })).status).toBe(200)
      expect((await t.fetch(path, { method: 'HEAD' })).text).toBe('')
    })

    test(`${path} is about all tenants, so a credential for some does not open it`, async () => {
      const t = await compose({ tenancy: { mode: 'multi' } })

      expect((await t.fetch(path, { as: { tenants: ['acme'] } })).json).toMatchObject({
        status: 403,
        code: 'observe.not_for_tenants',
      })
      expect((await t.fetch(path, { as: { tenants: ['*'] } })).status).toBe(200)
    })
  }

  test('a composition opens /metrics to everybody, and only that', async () => {
    const t = await compose({ observe: { metrics: 'public' } })

    expect((await t.fetch('/metrics', { as: null })).status).toBe(200)
    expect((await t.fetch('/health/details', { as: null })).status).toBe(401)
  })
})

test('a request that never ends in a route is counted under no name that it chose', async () => {
  const t = await compose({ observe: { metrics: 'public' } })
  for (let i = 0; i < 50; i++) await t.fetch(`/api/v1/invented-${i}`)

  const { text } = await t.fetch('/metrics')
  expect(text).toContain('clientele_http_requests_total{route="none",method="GET",status="404"} 50\n')
  expect(text).not.toContain('invented')
})

test('two requests that wait for each other are both in flight', async () => {
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  const gated = definePlugin({
    id: 'gated',
    version: '1.0.0',
    requires: { core: '*' },
    routes: {
      wait: route.get({
        path: '/api/v1/wait',
        permission: 'public',
        summary: 'Wait',
        response: z.object({ ok: z.boolean() }),
        async handler() {
          entered.resolve()
          await gate.promise
          return { ok: true }
        },
      }),
    },
  })
  const t = await createTestClientele({ plugins: [gated()], observe: { metrics: 'public' } })
  const waiting = t.fetch('/api/v1/wait')
  await entered.promise
  expect((await t.fetch('/metrics')).text).toContain('clientele_http_requests_in_flight 2\n')
  gate.resolve()
  await waiting
  expect((await t.fetch('/metrics')).text).toContain('clientele_http_requests_in_flight 1\n')
})
