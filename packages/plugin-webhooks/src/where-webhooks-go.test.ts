import { FetchPort, guardedFetch, provide, type Provider } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { createTestClientele, temporaryFolder } from '@clientele/testing'
import { sqlite } from '@clientele/adapter-sqlite'
import { join } from 'node:path'
import type { LookupFunction } from 'node:net'
import { expect, test } from 'vitest'
import { reachAll, receiver } from './receiver.fixture.ts'
import { webhooks } from './webhooks.plugin.ts'

/** Ways to say this machine that reach a server on it, unless somebody looks. */
const reaching = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '１２７.０.０.１',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'hooks.example.com',
  'me@hooks.example.com',
]
const special = [
  '0',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:db8::1]',
  '[fc00::1]',
  '[fd00::1]',
  '[fe80::1]',
  '[ff02::1]',
]

/** Every name leads to this machine. */
const toThisMachine: LookupFunction = (_, options, callback) =>
  options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)

const guarded: Provider = provide(FetchPort, {
  factory: () => guardedFetch({ lookup: toThisMachine }),
  dispose: (fetch) => fetch.close(),
})

async function sendToAll(hosts: readonly string[], fetch: Provider) {
  const canary = await receiver()
  const plugins = [customers(), webhooks({ allowHttp: true })] as const
  const t = await createTestClientele({ plugins, overrides: [fetch] })
  const { api } = t.as()
  const subscriptions = { events: ['customers.merged'], customerEvents: [] }
  let refused = 0
  for (const host of hosts) {
    const url = `http://${host}:${canary.port}/hook`
    const { status, json } = await t.fetch('/api/v1/webhook-endpoints', {
      method: 'POST',
      body: { url, subscriptions },
    })
    if (status === 201) await api.webhooks.test({ params: { id: json.endpoint.id } })
    else {
      expect(json.code).toBe('webhooks.url_refused')
      refused++
    }
  }
  await t.drain()
  const { items } = await api.webhooks.listDeliveries({ query: { limit: 200 } })
  return { seen: canary.seen, items, refused }
}

test('no special address, no way to write one and no name that leads to one is ever connected to', async () => {
  const { seen, items, refused } = await sendToAll([...reaching, ...special], guarded)
  expect(seen).toEqual([])
  expect(items.length + refused).toBe(reaching.length + special.length)
  for (const { state, lastStatus, lastError } of items) {
    expect([state, lastStatus]).toEqual(['waiting', null])
    expect(lastError).toContain('not a public address')
  }
})

test('without the guard they would be: the canary sings', async () => {
  const { seen, items } = await sendToAll(reaching, reachAll(toThisMachine))
  expect(seen.length).toBe(items.length)
  expect(seen.length).toBeGreaterThanOrEqual(reaching.length - 2)
})

test('a redirect never leads anywhere', async () => {
  const canary = await receiver()
  const door = await receiver()
  const t = await createTestClientele({
    plugins: [customers(), webhooks({ allowHttp: true })],
    overrides: [reachAll()],
  })
  const { api } = t.as()
  const subscriptions = { events: ['customers.merged'], customerEvents: [] }
  const { endpoint } = await api.webhooks.create({ body: { url: door.url, subscriptions } })
  for (const status of [301, 302, 303, 307, 308]) {
    door.answer = { status, headers: { location: canary.url } }
    await api.webhooks.test({ params: { id: endpoint.id } })
    await t.drain()
  }
  expect(door.seen).toHaveLength(5)
  expect(canary.seen).toEqual([])
})

test('what was announced before a restart is delivered after it, once', async () => {
  const path = join(await temporaryFolder(), 'shop.db')
  const to = await receiver()
  const open = () =>
    createTestClientele({
      storage: sqlite(path),
      plugins: [customers(), webhooks({ allowHttp: true })],
      overrides: [reachAll()],
    })
  const subscriptions = { events: ['customers.merged'], customerEvents: [] }
  const first = await open()
  const { endpoint } = await first.as().api.webhooks.create({ body: { url: to.url, subscriptions } })
  await first.as().api.webhooks.test({ params: { id: endpoint.id } })
  await first.cdp.stop({ graceMs: 0 })
  const second = await open()
  await second.drain()
  expect(to.seen).toHaveLength(1)
  const third = await open()
  await third.drain()
  expect(to.seen).toHaveLength(1)
  expect((await third.as().api.webhooks.listDeliveries()).items).toMatchObject([
    { state: 'delivered', attempts: 1 },
  ])
})
