import { createServer, type Server } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { Setups } from '@clientele/plugin-auth'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { createShop, type Shop } from '../../examples/shop/src/shop.ts'
import { createApp } from '../../examples/shop/src/web.ts'
import { launchChromium } from '../client/chromium.fixture.ts'
import { fillShop } from './people.fixture.ts'

export { complaintsOf } from './complaints.fixture.ts'

/** Who signs in, unless a test wants somebody else. */
export const OWNER = { email: 'owner@shop.example', password: 'correct horse battery' } as const

/** The example shop with its admin, in a real browser. */
export interface AdminWorld {
  readonly shop: Shop
  /** `http://localhost:…` */
  readonly url: string
  readonly browser: Browser
  /** A window in which the owner is signed in. */
  signedIn(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/** Starts all of it; for `beforeAll`, with `close` in `afterAll`. Null where no Chromium starts. */
export async function openAdmin(): Promise<AdminWorld | null> {
  const browser = await launchChromium()
  if (!browser) return null
  const folder = await mkdtemp(join(tmpdir(), 'clientele-admin-'))
  const server = createServer()
  const port = await listen(server)
  const url = `http://localhost:${port}`
  const { shop } = createShop(sqlite(join(folder, 'shop.db')), { baseUrl: url })
  server.on('request', createApp(shop))
  await shop.start()
  await fillShop(shop)
  await makeOwner(shop, url)
  const state = await signIn(browser, url)
  return {
    shop,
    url,
    browser,
    signedIn: (options = {}) =>
      browser.newContext({
        locale: 'en-US',
        viewport: { width: 1280, height: 800 },
        storageState: state,
        ...options,
      }),
    async close() {
      await browser.close()
      await shop.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function makeOwner(shop: Shop, url: string): Promise<void> {
  const { ctx } = shop.as()
  const response = await fetch(`${url}/api/v1/operator/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: ctx.get(Setups).token(ctx), ...OWNER }),
  })
  if (!response.ok) throw new Error(`No owner was made: ${response.status} ${await response.text()}`)
}

async function signIn(browser: Browser, url: string) {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(`${url}/admin/sign-in`)
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').first().waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}
