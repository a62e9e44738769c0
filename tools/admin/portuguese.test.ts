import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'
import { leftoversOf, shellWords } from './leftovers.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

/** As the example calls itself. */
const INSTALLATION = 'Shop'

const table = (page: Page) => page.getByRole('table').waitFor()
const dialog = (page: Page) => page.getByRole('dialog').waitFor()

const screens: readonly (readonly [path: string, ready: (page: Page) => Promise<unknown>])[] = [
  ['', (page) => page.locator('main figure').first().waitFor()],
  ['/customers', table],
  ['/customers?create=1', dialog],
  ['/orders', table],
  ['/products', table],
  ['/segments', (page) => page.locator('.templates').or(page.getByRole('table')).waitFor()],
  ['/segments/new', (page) => page.locator('.builder').waitFor()],
  ['/plugins', table],
  ['/nowhere', (page) => page.getByRole('heading').first().waitFor()],
  ['/no-role', (page) => page.getByRole('heading').first().waitFor()],
]

test(
  'no screen says anything in English to whoever reads Portuguese',
  { timeout: 60_000 },
  async ({ skip }) => {
    if (!world) return skip('no Chromium starts here')
    const context = await world.signedIn({ locale: 'pt-BR' })
    await context.addInitScript(() => localStorage.setItem('clientele.locale', 'pt'))
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${world.url}/admin`)
    const { words } = (await (await context.request.get(`${world.url}/api/v1/admin/manifest`)).json()) as {
      readonly words: {
        readonly en: Readonly<Record<string, string>>
        readonly pt: Readonly<Record<string, string>>
      }
    }
    const catalogues = [...(await shellWords()), [words.en, words.pt] as const]
    const left: string[] = []
    for (const [path, ready] of screens) {
      await page.goto(`${world.url}/admin${path}`)
      await ready(page)
      expect(await page.locator('html').getAttribute('lang')).toBe('pt')
      left.push(
        ...(await leftoversOf(page, catalogues, [INSTALLATION])).map((text) => `${path || '/'}: ${text}`),
      )
    }
    expect(left).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  },
)

test('what a page says in English, or as a key, is found', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const page = await world.browser.newPage()
  await page.setContent('<p>Sair</p><button aria-label="Sign out">x</button><p>3 rows</p><p>sign_out</p>')
  expect(await leftoversOf(page, await shellWords())).toEqual(['3 rows', 'sign_out', 'Sign out'])
  await page.close()
})
