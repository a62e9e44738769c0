import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sqlite } from '@clientele/adapter-sqlite'
import { admin } from '@clientele/admin'
import { panelPreset } from '@clientele/admin-sdk/build'
import { createClientele, silentLogger } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { testAccess, testToken } from '@clientele/testing'
import express from 'express'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { build } from 'tsup'
import { launchChromium } from '../../client/chromium.fixture.ts'
import { complaintsOf } from '../complaints.fixture.ts'
import { gallery } from './sample.entity.ts'

/** A small installation with rows of all kinds and a page with every control. */
export interface GalleryWorld {
  readonly browser: Browser
  readonly url: string
  readonly api: Awaited<ReturnType<typeof composed>>['api']
  /** A window in which somebody is signed in. */
  signedIn(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A window at a place of the panel, with everything that the browser complains of. */
  open(place: string, options?: BrowserContextOptions): Promise<{ page: Page; complaints: readonly string[] }>
  close(): Promise<void>
}

/** Starts it; for `beforeAll`, with `close` in `afterAll`. Null where no Chromium starts. */
export async function openGallery(): Promise<GalleryWorld | null> {
  const browser = await launchChromium()
  if (!browser) return null
  const folder = await mkdtemp(join(tmpdir(), 'clientele-gallery-'))
  const files = join(folder, 'panel')
  await build({
    ...panelPreset({ entry: resolve(import.meta.dirname, 'index.tsx'), outDir: files }),
    tsconfig: 'tsconfig.browser.json',
    silent: true,
    config: false,
  })
  const { cdp, api } = await composed(folder, pathToFileURL(`${files}/`))
  const app = express()
  // Whoever comes is signed in, downloads included.
  app.use((request, _, next) => {
    request.headers.authorization ??= testToken({})
    next()
  })
  const server = createServer(app.use(cdp.router()))
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const signedIn = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const context = await browser.newContext({
      locale: 'en-US',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    // This host has no accounts; the frame asks for the own one.
    const me = { name: 'Tester', email: 'tester@example.com', tenants: [] }
    await context.route('**/api/auth/me', (asked) => asked.fulfill({ json: me }))
    return context
  }
  return {
    browser,
    url,
    api,
    signedIn,
    async open(place, options = {}) {
      const page = await (await signedIn(options)).newPage()
      page.setDefaultTimeout(8000)
      const complaints = complaintsOf(page)
      await page.goto(`${url}/admin${place}`)
      return { page, complaints }
    },
    async close() {
      await browser.close()
      await cdp.stop()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function composed(folder: string, files: URL) {
  const cdp = createClientele({
    storage: sqlite(join(folder, 'gallery.db')),
    plugins: [customers(), gallery(files), admin()],
    authenticators: [testAccess()],
    logger: silentLogger(),
  })
  await cdp.start()
  return { cdp, api: cdp.as().api }
}
