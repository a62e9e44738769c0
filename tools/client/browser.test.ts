import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client, createClient } from '@clientele/core/client'
import type { Clientele } from '@clientele/core'
import { testToken } from '@clientele/testing'
import express from 'express'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { openShop, type plugins } from '../isolation/shop.ts'
import { browserBundle } from './browser-bundle.ts'
import { openBrowser } from './chromium.fixture.ts'

type Cdp = Clientele<typeof plugins>

declare global {
  /** What the page's own script left there. */
  var create: typeof createClient
}

/** A page of the host, beside a shop at `/cdp`, with the client in it. */
async function openPage(context: TestContext): Promise<Page> {
  const browser = await openBrowser(context)
  const { code } = await browserBundle(
    `import { createClient } from '@clientele/core/client'; Object.assign(globalThis, { create: createClient })`,
  )
  const { cdp } = (await openShop('sqlite')).test
  const host = express()
    .get(
      '/',
      (_, response) => void response.type('html').send('<script type="module" src="/app.js"></script>'),
    )
    .get('/app.js', (_, response) => void response.type('js').send(code))
    .use('/cdp', cdp.router())
  const server = createServer(host)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve).closeAllConnections())
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'networkidle' })
  return page
}

const authorization = testToken({ tenants: ['tenant-a'] })

test(
  'a page calls its own server by a path, and gets rows, nothing, errors, files and live updates',
  { timeout: 120_000 },
  async (context) => {
    const page = await openPage(context)
    const seen = await page.evaluate(async (credentials) => {
      const { api, live }: Client<Cdp> = globalThis.create<Cdp>({
        baseUrl: '/cdp',
        headers: { authorization: credentials },
      })
      const made = await api.customers.create({
        body: { email: 'ana@example.com', traits: { city: 'São Paulo' } },
      })
      const { items } = await api.customers.list({ query: { 'id.in': [made.id], status: 'active' } })
      const params = { id: made.id }
      await api.customers.update({ params, body: { firstName: 'Ana' } }, { ifMatch: 1 })
      const stale = await api.customers
        .update({ params, body: {} }, { ifMatch: 1 })
        .catch((error: unknown) => error)
      const told: string[] = []
      for await (const event of live({ entities: ['customers'] })) {
        told.push(event.type)
        if (event.type === 'hello') await api.customers.update({ params, body: { lastName: 'Reis' } })
        if (event.type === 'change') break
      }
      const file = await api.core.uploadFile({ query: { name: 'a' } }, { body: new Blob(['São']) })
      const download = await api.core.downloadFile({ params: { id: file.id } })
      const text = await download.text()
      const removed = await api.customers.remove({ params })
      const ended = await api.customers
        .list({}, { signal: AbortSignal.abort() })
        .catch((error: unknown) => (error as Error).name)
      const { name, status, code, current } = stale as Error & Record<string, unknown>
      return {
        items,
        told,
        text,
        removed: removed === undefined,
        ended,
        stale: { name, status, code, current },
      }
    }, authorization)
    expect(seen).toMatchObject({
      items: [{ email: 'ana@example.com', traits: { city: 'São Paulo' } }],
      told: ['hello', 'change'],
      text: 'São',
      removed: true,
      ended: 'AbortError',
      stale: { name: 'ClientError', status: 412, code: 'entity.stale_version', current: { version: 2 } },
    })
  },
)
