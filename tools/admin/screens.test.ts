import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAdmin, OWNER, type AdminWorld } from './admin.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

const heading = (page: Page) => page.getByRole('heading').first().waitFor()

async function opened(page: Page, key: string): Promise<void> {
  await page.locator('main figure').first().waitFor()
  await page.keyboard.press(key)
  await page.getByRole('dialog').waitFor()
}

/** A page is there, and then the session ends, as the next thing that is asked for tells. */
async function ended(page: Page): Promise<void> {
  await page.locator('main figure').first().waitFor()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Products' }).first().click()
  await page.getByText('Your session has ended').waitFor()
}

const screens: readonly Screen[] = [
  {
    name: 'sign-in',
    path: '/sign-in',
    isSignedIn: false,
    ready: (page) => page.getByRole('button', { name: 'Sign in' }).waitFor(),
  },
  { name: 'home', path: '', ready: (page) => page.locator('main figure').first().waitFor() },
  ...['sign-up', 'forgot-password', 'invitation#token=x', 'set-up'].map((path) => ({
    name: path.split('#')[0]!,
    path: `/${path}`,
    isSignedIn: false,
    ready: heading,
  })),
  { name: 'no-role', path: '/no-role', ready: (page) => page.getByText(OWNER.email).waitFor() },
  {
    name: 'offline',
    path: '',
    expects: /ERR_INTERNET_DISCONNECTED/,
    async ready(page) {
      await page.locator('main figure').first().waitFor()
      await page.context().setOffline(true)
      await page.getByText('The server cannot be reached').waitFor()
    },
  },
  {
    name: 'session-ended',
    path: '',
    expects: /status of 401/,
    ready: ended,
  },
  {
    name: 'sign-in-again',
    path: '',
    expects: /status of 401/,
    async ready(page) {
      await ended(page)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('dialog').getByLabel('Password', { exact: true }).waitFor()
    },
  },
  { name: 'plugins', path: '/plugins', ready: heading },
  { name: 'products', path: '/products', ready: heading },
  { name: 'not-found', path: '/nowhere', ready: (page) => page.getByText('There is no such page').waitFor() },
  { name: 'palette', path: '', ready: (page) => opened(page, 'Control+k') },
  { name: 'shortcuts', path: '', ready: (page) => opened(page, '?') },
  {
    name: 'jobs',
    path: '',
    async ready(page) {
      await page.getByRole('button', { name: 'Jobs' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'customers', path: '/customers', ready: (page) => page.getByRole('table').waitFor() },
]

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) {
    skip('no Chromium starts here')
    return
  }
  expect(await inspect(world, screen)).toEqual([])
})
