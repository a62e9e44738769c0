import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'
import { fillPerson } from './person.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
  if (world) await fillPerson(world.shop)
}, 120_000)
afterAll(() => world?.close())

async function open({ skip, onTestFinished }: TestContext, path: string) {
  if (!world) return skip('no Chromium starts here')
  const context = await world.signedIn()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${world.url}/admin${path}`)
  return { page, complaints, api: world.shop.as().api }
}

const drawer = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

const TABS = ['summary', 'timeline', 'orders', 'segments', 'consents', 'notes', 'identities'] as const
const HANA = '/customers?q=person-119'

async function hana(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Hana Silva 119' }).click()
  await drawer(page, 'Hana Silva 119').getByRole('tab').first().waitFor()
}

const screens: readonly Screen[] = [
  {
    name: 'customers-list',
    path: '/customers',
    ready: (page) => page.getByRole('link', { name: 'Hana Silva 119' }).waitFor(),
  },
  ...TABS.map((tab): Screen => ({
    name: `customers-${tab}`,
    path: `${HANA}&tab=${tab}`,
    async ready(page) {
      await hana(page)
      await page.waitForLoadState('networkidle')
    },
  })),
]

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) return skip('no Chromium starts here')
  expect(await inspect(world, screen)).toEqual([])
})
