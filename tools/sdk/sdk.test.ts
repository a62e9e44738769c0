import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Clientele } from '@clientele/core'
import { customers, Sources } from '@clientele/plugin-customers'
import { temporaryFolder } from '@clientele/testing'
import { jitsuAnalytics } from '@jitsu/js'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics as SegmentAnalytics } from '@segment/analytics-node'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../client/chromium.fixture.ts'
import { flakyFront, type FlakyFront } from './flaky-front.fixture.ts'

/** It has no types. */
const LegacyAnalytics = createRequire(import.meta.url)('analytics-node') as new (
  writeKey: string,
  options: object,
) => { track(event: object): void; flush(): Promise<unknown> }

const EVENTS = 1000
const plugins = [customers()] as const

/** Stored events of one name, as often as each message id is there. */
interface Stored {
  readonly messageId: string
  readonly name: string
  readonly customerId: string
}

interface Shop {
  readonly front: FlakyFront
  readonly writeKey: string
  /** Ends the process's instance as a deployment does, and starts another on the same database. */
  restart(): Promise<void>
  stored(): Promise<readonly Stored[]>
}

async function openShop({ triesAgain = true } = {}): Promise<Shop> {
  const front = await flakyFront({ triesAgain })
  const file = join(await temporaryFolder(), 'events.db')
  let running: { readonly cdp: Clientele<typeof plugins>; readonly server: Server }
  const start = async (): Promise<void> => {
    const cdp = createClientele({ storage: sqlite(file), plugins, logger: silentLogger() })
    await cdp.start()
    const server = createServer(express().use(cdp.router()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    running = { cdp, server }
    front.target(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  const stop = async (): Promise<void> => {
    front.target(null)
    await new Promise((resolve) => running.server.close(resolve).closeIdleConnections())
    await running.cdp.stop()
  }
  await start()
  onTestFinished(stop)
  const { writeKey } = await running!.cdp.as().tx((t) => t.get(Sources).create(t, { name: 'sdk' }))
  return {
    front,
    writeKey,
    restart: async () => (await stop(), start()),
    stored: () =>
      running.cdp.as().db.selectFrom('events').select(['messageId', 'name', 'customerId']).execute(),
  }
}

/** Every message that a client sent is there once, and the network did fail meanwhile. */
async function expectAllOnce(shop: Shop, expected: number): Promise<void> {
  const { front } = shop
  // A message may be stored while its answer was lost: the client is still going to send it again.
  await expect.poll(() => front.answered.size, { timeout: 60_000, interval: 200 }).toBe(expected)
  const events = await shop.stored()
  expect(new Set(events.map((one) => one.messageId))).toEqual(new Set(front.sent.keys()))
  expect(front.sent.size).toBe(expected)
  expect(front.outcomes.lost).toBeGreaterThan(0)
  expect([...front.sent.values()].some((times) => times > 1)).toBe(true)
}

const half = (n: number): boolean => n === EVENTS / 2

test('@segment/analytics-node', { timeout: 120_000 }, async () => {
  const shop = await openShop()
  const client = new SegmentAnalytics({ writeKey: shop.writeKey, host: shop.front.url, flushAt: 50 })
  client.on('error', (error) => expect.fail(error.code))
  for (let n = 0; n < EVENTS; n++) {
    client.track({ userId: `u${n % 20}`, event: 'Product Viewed', properties: { n } })
    if (half(n)) await shop.restart()
  }
  await client.closeAndFlush({ timeout: 60_000 })
  await expectAllOnce(shop, EVENTS)
  expect(new Set((await shop.stored()).map((one) => one.customerId)).size).toBe(20)
})

test('analytics-node', { timeout: 120_000 }, async () => {
  const shop = await openShop()
  const client = new LegacyAnalytics(shop.writeKey, { host: shop.front.url, flushAt: 50, flushInterval: 200 })
  for (let n = 0; n < EVENTS; n++) {
    client.track({ userId: `u${n % 20}`, event: 'Product Viewed', properties: { n } })
    if (half(n)) await shop.restart()
  }
  await client.flush()
  await expectAllOnce(shop, EVENTS)
})

test('@rudderstack/rudder-sdk-node', { timeout: 120_000 }, async () => {
  const shop = await openShop()
  const client = new RudderAnalytics(shop.writeKey, {
    dataPlaneUrl: shop.front.url,
    flushAt: 50,
    flushInterval: 200,
  })
  for (let n = 0; n < EVENTS; n++) {
    client.track({ userId: `u${n % 20}`, event: 'Product Viewed', properties: { n } })
    if (half(n)) await shop.restart()
  }
  await client.flush()
  await expectAllOnce(shop, EVENTS)
})

test('@jitsu/js', { timeout: 120_000 }, async () => {
  // It sends one event a request and never tries again.
  const shop = await openShop({ triesAgain: false })
  const client = jitsuAnalytics({ host: shop.front.url, writeKey: `${shop.writeKey}:secret`, s2s: true })
  for (let n = 0; n < EVENTS; n++) {
    await client.track('Product Viewed', { n })
    if (half(n)) await shop.restart()
  }
  await expectAllOnce(shop, EVENTS)
})

test('@segment/analytics-next in a browser', { timeout: 180_000 }, async (context) => {
  const shop = await openShop()
  const browser = await openBrowser(context)
  const script = await readFile(
    join(
      dirname(createRequire(import.meta.url).resolve('@segment/analytics-next/package.json')),
      'dist/umd/index.js',
    ),
  )
  const page = await browser.newPage()
  // Another origin than the shop's, as web sites are: the browser asks before it sends.
  await page.goto(await emptySite())
  await page.addScriptTag({ content: script.toString('utf8') })
  const send = (from: number, to: number): Promise<void> =>
    page.evaluate(
      async ({ from: first, to: last, front, writeKey }) => {
        const { AnalyticsBrowser } = (globalThis as never as { AnalyticsNext: { AnalyticsBrowser: Browser } })
          .AnalyticsNext
        interface Browser {
          load(
            settings: object,
            options: object,
          ): { track(name: string, properties: object): Promise<unknown> }
        }
        const host = front.replace('http://', '')
        const client = ((globalThis as never as { client?: ReturnType<Browser['load']> }).client ??=
          AnalyticsBrowser.load(
            { writeKey, cdnURL: front },
            {
              integrations: {
                'Segment.io': {
                  apiHost: `${host}/v1`,
                  protocol: 'http',
                  deliveryStrategy: { strategy: 'batching', config: { size: 50, timeout: 200 } },
                },
              },
            },
          ))
        // Each promise is kept until its batch is delivered, so they are all waited for together.
        const numbers = Array.from({ length: last - first }, (_, place) => first + place)
        await Promise.all(numbers.map((n) => client.track('Product Viewed', { n })))
      },
      { from, to, front: shop.front.url, writeKey: shop.writeKey },
    )
  await send(0, EVENTS / 2)
  await shop.restart()
  await send(EVENTS / 2, EVENTS)
  await expectAllOnce(shop, EVENTS)
})

async function emptySite(): Promise<string> {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => site.close(resolve).closeAllConnections())
  })
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}/`
}
