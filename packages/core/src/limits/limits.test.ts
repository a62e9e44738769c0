import { sqlite } from '@clientele/adapter-sqlite'
import {
  createTestClientele,
  eachStorage,
  newDatabase,
  testClock,
  type TestClientele,
} from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { createClientele } from '../clientele.ts'
import type { Clientele } from '../clientele.types.ts'
import { route } from '../http/route.ts'
import { runtimeOf, type InternalTx } from '../kernel/runtime.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { onDatabase } from '../storage/shared-database.fixture.ts'
import { Limiter } from './limiter.ts'
import { RateLimits } from './rate-limits.ts'
import { purgeRateWindows } from './rate-windows.ts'

const answer = { response: z.object({}), handler: () => ({}) }
const doors = definePlugin({
  id: 'doors',
  version: '1.0.0',
  requires: { core: '*' },
  routes: {
    open: route.get({ ...answer, path: '/api/v1/open', permission: 'public', summary: 'Anyone' }),
    known: route.get({ ...answer, path: '/api/v1/known', permission: 'authenticated', summary: 'Someone' }),
    signIn: route.post({
      ...answer,
      path: '/api/v1/sign-in',
      permission: 'public',
      summary: 'Sign in',
      rateLimit: { by: 'ip', requests: 2, perSeconds: 60 },
    }),
    costly: route.post({
      ...answer,
      path: '/api/v1/costly',
      permission: 'authenticated',
      summary: 'Costly',
      rateLimit: { by: 'actor', requests: 3, perSeconds: 60 },
    }),
  },
})

eachStorage((storage) => {
  test('who asks too often is told when to come back, and may then', async () => {
    const t = await createTestClientele({
      storage,
      plugins: [doors()],
      limits: { perActor: { requests: 3, perSeconds: 60 } },
    })
    expect(await statuses(t, '/api/v1/known', 5)).toEqual([200, 200, 200, 429, 429])
    const { json, headers } = await t.fetch('/api/v1/known')
    expect(json).toMatchObject({ code: 'http.too_many_requests', params: { policy: 'actor', limit: 3 } })
    const wait = Number(headers.get('retry-after'))
    expect(wait).toBe(json.params.retryAfterSeconds)
    expect(headers.get('ratelimit-policy')).toBe('"actor";q=3;w=60')
    expect(headers.get('ratelimit')).toBe(`"actor";r=0;t=${wait}`)
    t.clock.advance(wait * 1000 - 1000)
    expect(await statuses(t, '/api/v1/known', 1)).toEqual([429])
    t.clock.advance(1000)
    expect(await statuses(t, '/api/v1/known', 4)).toEqual([200, 200, 200, 429])
  })

  test('each actor and each tenant has a limit of its own', async () => {
    const t = await createTestClientele({
      storage,
      tenancy: { mode: 'multi' },
      plugins: [doors()],
      limits: { perActor: { requests: 2, perSeconds: 60 }, perTenant: { requests: 3, perSeconds: 60 } },
    })
    const by = async (id: string, tenant: string): Promise<number> =>
      (await t.fetch('/api/v1/known', { as: { id, tenants: [tenant] } })).status
    expect([await by('ann', 'acme'), await by('ann', 'acme'), await by('ann', 'acme')]).toEqual([
      200, 200, 429,
    ])
    expect([await by('bob', 'acme'), await by('bob', 'acme')]).toEqual([200, 429])
    expect(await by('ann', 'other')).toBe(200)
  })

  test('who is not known is counted by the address', async () => {
    const t = await createTestClientele({
      storage,
      plugins: [doors()],
      limits: { perActor: { requests: 2, perSeconds: 60 } },
    })
    const ask = async (as?: null): Promise<number> =>
      (await t.fetch('/api/v1/open', as === null ? { as } : {})).status
    expect([await ask(null), await ask(null), await ask(null)]).toEqual([200, 200, 429])
    expect(await ask()).toBe(200)
  })

  test('the limit of a route holds without any of the host, and the host can switch all off', async () => {
    const t = await createTestClientele({ storage, plugins: [doors()] })
    expect(await statuses(t, '/api/v1/sign-in', 3, 'POST')).toEqual([200, 200, 429])
    expect(await statuses(t, '/api/v1/costly', 4, 'POST')).toEqual([200, 200, 200, 429])
    expect(await statuses(t, '/api/v1/known', 5)).toEqual([200, 200, 200, 200, 200])
    const off = await createTestClientele({ storage, plugins: [doors()], limits: false })
    expect(await statuses(off, '/api/v1/sign-in', 4, 'POST')).toEqual([200, 200, 200, 200])
  })

  test('an address that a caller makes up is not believed', async () => {
    const t = await createTestClientele({ storage, plugins: [doors()] })
    const from = async (ip: string): Promise<number> => {
      const headers = { 'x-forwarded-for': ip, forwarded: `for=${ip}`, 'x-real-ip': ip }
      return (await t.fetch('/api/v1/sign-in', { method: 'POST', headers })).status
    }
    const forged = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8:0:1::1']
    expect([await from(forged[0]!), await from(forged[1]!), await from(forged[2]!)]).toEqual([200, 200, 429])
  })

  test('a plugin counts what it wants, for each tenant, whatever becomes of its transaction', async () => {
    const t = await createTestClientele({ storage, plugins: [] })
    const { ctx, tx } = t.as()
    const use = { name: 'test.code', key: 'ann', requests: 2, perSeconds: 900 }
    const limits = ctx.get(RateLimits)
    await limits.require(ctx, use)
    expect(await limits.spend(ctx, use)).toEqual({ allowed: true, retryAfterSeconds: 0 })
    expect(await limits.spend(ctx, use)).toMatchObject({ allowed: false })
    await expect(limits.require(ctx, use)).rejects.toMatchObject({ code: 'http.too_many_requests' })
    expect(await limits.spend(ctx, { ...use, key: 'bob', points: 3 })).toMatchObject({ allowed: false })
    expect(await limits.spend(ctx, { ...use, key: 'bob', points: 2 })).toMatchObject({ allowed: true })
    await expect(tx((inner) => limits.require(inner, { ...use, key: 'eve' }))).rejects.toMatchObject({
      code: 'limits.in_transaction',
    })
    await expect(tx(() => limits.require(ctx, { ...use, key: 'eve' }))).rejects.toMatchObject({
      code: 'storage.outer_handle',
    })
    await expect(limits.spend(ctx, { ...use, requests: 0 })).rejects.toThrow(/requests must be/)
  })

  test('the database holds neither ids nor addresses, and windows that are over are removed', async () => {
    const t = await createTestClientele({ storage, plugins: [doors()] })
    await statuses(t, '/api/v1/sign-in', 1, 'POST')
    await statuses(t, '/api/v1/costly', 1, 'POST')
    const rows = async (): Promise<unknown[]> =>
      (
        await t.storage.read({ tenantId: '*' }, (connection) =>
          connection.execute({ sql: 'select * from clientele_rate_windows', parameters: [] }),
        )
      ).rows
    expect(await rows()).toHaveLength(2)
    expect(JSON.stringify(await rows())).not.toMatch(/127\.0\.0\.1|tester/)
    const runtime = runtimeOf(t.as().ctx)
    expect(await purgeRateWindows(runtime)).toBe(0)
    t.clock.advance('60s')
    expect(await purgeRateWindows(runtime)).toBe(2)
    expect(await rows()).toEqual([])
  })

  test('three nodes allow together what the limit says, within a tenth', async () => {
    const clock = testClock('2026-01-15T12:00:00.000Z')
    const nodes = await threeNodes(storage, clock)
    const limit = { requests: 400, perSeconds: 3600 }
    for (const [round, shares] of [
      [1, 1, 1],
      [8, 1, 1],
      [1, 0, 0],
    ].entries()) {
      const counted = { name: 'test', key: `round ${round}`, limit }
      const asked = nodes.map(async (node, index) => {
        const limiter = new Limiter(runtimeOf(node.as().ctx))
        let allowed = 0
        for (let n = 0; n < 200 * shares[index]!; n++) if ((await limiter.spend(counted)) === null) allowed++
        return allowed
      })
      const allowed = (await Promise.all(asked)).reduce((sum, one) => sum + one)
      expect(allowed).toBeLessThanOrEqual(limit.requests)
      const wanted = Math.min(limit.requests, 200 * shares.reduce((sum, one) => sum + one))
      expect(allowed, `round ${round}`).toBeGreaterThanOrEqual(wanted * 0.9)
    }
  })

  test('many at once on one node get what the limit says, and not one more', async () => {
    const t = await createTestClientele({ storage, plugins: [doors()] })
    const limiter = new Limiter(runtimeOf(t.as().ctx))
    const counted = { name: 'test', key: 'all', limit: { requests: 100, perSeconds: 3600 } }
    const verdicts = await Promise.all(Array.from({ length: 300 }, async () => limiter.spend(counted)))
    expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(100)
  })
})

test('limits that cannot be are told before the start', () => {
  const compose = () =>
    createClientele({
      storage: sqlite('never-opened.db'),
      plugins: [doors()],
      limits: { perActor: { requests: 0, perSeconds: 60 }, perTenant: { requests: 1, perSeconds: 1e9 } },
    })
  expect(compose).toThrow(/limits\.perActor: requests must be[^]*limits\.perTenant: perSeconds must be/)
})

test('requests go on when the database cannot count them', async () => {
  const t = await createTestClientele({ plugins: [] })
  const runtime = runtimeOf(t.as().ctx)
  const broken = Object.create(runtime, {
    context: {
      value: () => ({
        tx: async () => {
          throw new Error('away')
        },
      }),
    },
  })
  const limiter = new Limiter(broken)
  const counted = { name: 'test', key: 'all', limit: { requests: 100, perSeconds: 3600 } }
  expect(await limiter.spend(counted)).toBeNull()
})

test('what a route or a plugin guards is refused while it cannot be counted, everything else goes on', async () => {
  const t = await createTestClientele({
    plugins: [doors()],
    limits: { perActor: { requests: 100, perSeconds: 60 } },
  })
  const { ctx, tx } = t.as()
  await tx((inner) =>
    (inner as InternalTx).connection.execute({ sql: 'drop table clientele_rate_windows', parameters: [] }),
  )
  const { status, json, headers } = await t.fetch('/api/v1/sign-in', { method: 'POST' })
  expect([status, json.code, headers.get('retry-after')]).toEqual([503, 'limits.not_counted', '1'])
  expect(await statuses(t, '/api/v1/costly', 1, 'POST')).toEqual([503])
  expect(await statuses(t, '/api/v1/known', 2)).toEqual([200, 200])
  const use = { name: 'test.code', key: 'ann', requests: 2, perSeconds: 900 }
  await expect(ctx.get(RateLimits).require(ctx, use)).rejects.toMatchObject({ code: 'limits.not_counted' })
  await expect(ctx.get(RateLimits).spend(ctx, use)).rejects.toMatchObject({ code: 'limits.not_counted' })
})

async function statuses(
  t: TestClientele<any>,
  path: string,
  times: number,
  method = 'GET',
): Promise<number[]> {
  const found: number[] = []
  for (let n = 0; n < times; n++) found.push((await t.fetch(path, { method })).status)
  return found
}

async function threeNodes(
  kind: 'sqlite' | 'postgres',
  clock: ReturnType<typeof testClock>,
): Promise<Clientele[]> {
  const database = await newDatabase(kind)
  const nodes = [1, 2, 3].map(() => createClientele({ ...onDatabase(database, 3), clock, plugins: [] }))
  onTestFinished(async () => {
    for (const node of nodes) await node.stop()
  })
  for (const node of nodes) await node.start({ workers: false })
  return nodes
}
