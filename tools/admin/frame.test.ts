import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { complaintsOf, openAdmin, OWNER, type AdminWorld } from './admin.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

test('Ctrl K finds pages, records and what can be made, and goes there by the keyboard', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page, complaints } = await open(world, '/')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('silva 004')
  await page.getByRole('option', { name: /Silva 004/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('person-4@example.com').first().waitFor()
  expect(page.url()).toMatch(/\/admin\/customers\?open=/)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('create prod')
  await page.keyboard.press('Enter')
  await page.waitForURL(/products\?create=1/)
  await page.goto(`${world.url}/admin/`)
  await page.getByRole('button', { name: /^Search/ }).click()
  await page.getByRole('option', { name: 'Products' }).first().waitFor()
  expect(await page.getByText('Recent', { exact: true }).count()).toBe(1)
  expect(complaints).toEqual([])
})

test('single keys show the shortcuts and jump, until they are turned off', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/')
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL(/\/admin\/customers/)
  await page.getByRole('searchbox').fill('g?')
  expect(await sheet.count()).toBe(0)
  await page.getByRole('main').focus()
  await page.keyboard.press('?')
  await sheet.getByLabel('Single keys do something').uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  expect(await sheet.count()).toBe(0)
})

test('theme and language are chosen in the menu of the account and kept', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/')
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitemradio', { name: 'Dark theme' }).click()
  expect(await page.locator('html').evaluate((one) => one.style.colorScheme)).toBe('dark')
  await page.getByRole('button', { name: /^Account of/ }).press('ArrowDown')
  await page.getByRole('menuitemradio', { name: 'Português' }).click()
  await page.getByRole('heading', { name: 'Início' }).waitFor()
  await page.reload()
  await page.getByRole('navigation', { name: 'Navegação principal' }).waitFor()
  expect(
    await page.locator('html').evaluate((one: HTMLElement) => [one.lang, one.style.colorScheme]),
  ).toEqual(['pt', 'dark'])
  expect(await page.title()).toMatch(/^Início · /)
})

test('the first Tab leads past the navigation, and a new page has the focus', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  await page.getByRole('link', { name: 'Customers', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  expect(await page.title()).toBe('Customers · My shop')
})

test('an export stands in the tray with its file, also after a reload', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/')
  const { api } = world.shop.as()
  await api.customers.startExport({ body: { name: 'everybody.csv' } })
  await page.reload()
  await page.getByRole('button', { name: /^Jobs/ }).click()
  const tray = page.getByRole('dialog', { name: 'Jobs' })
  await tray.getByText('everybody.csv').waitFor()
  const download = page.waitForEvent('download')
  await tray.getByRole('link', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('everybody.csv')
})

test('while the server is away a bar says so, and it goes when it is back', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/')
  await page.context().setOffline(true)
  await page.getByText('The server cannot be reached. What you typed stays here').waitFor()
  await page.context().setOffline(false)
  await page.getByText('The server cannot be reached. What you typed stays here').waitFor({ state: 'hidden' })
})

test('whose session ends signs in above the page, and what was typed is still there', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/customers')
  await page.getByRole('button', { name: 'Create' }).first().click()
  const form = page.getByRole('dialog')
  await form.getByLabel('First name', { exact: true }).fill('Lamp')
  await page.context().clearCookies()
  await form.getByRole('button', { name: 'Save' }).click()
  const again = page.getByRole('dialog', { name: 'Sign in' })
  expect(await again.getByLabel('E-mail').inputValue()).toBe(OWNER.email)
  await again.getByLabel('Password', { exact: true }).fill(OWNER.password)
  await page.keyboard.press('Enter')
  await again.waitFor({ state: 'hidden' })
  expect(await form.getByLabel('First name', { exact: true }).inputValue()).toBe('Lamp')
  await page.getByText('Your session has ended.').waitFor({ state: 'hidden' })
  await form.getByRole('button', { name: 'Save' }).click()
  // Who was made is shown at once.
  await page.getByRole('dialog', { name: 'Lamp' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('cell', { name: 'Lamp' }).first().waitFor()
})

test('safe mode starts without the code of plugins, says so, and is left by its bar', async ({ skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { page } = await open(world, '/plugins?safe=1')
  await page.getByText('Safe mode: the code of plugins is switched off.').waitFor()
  await page.getByText('switched off', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: 'Customers', exact: true }).first().click()
  await page.getByRole('button', { name: 'Switch plugins on again' }).click()
  await page.getByText('Safe mode').waitFor({ state: 'hidden' })
  await page.goto(`${world.url}/admin/plugins`)
  await page.getByText('works', { exact: true }).first().waitFor()
})

async function open(
  admin: AdminWorld,
  path: string,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await admin.signedIn()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(25_000)
  const complaints = complaintsOf(page)
  await page.goto(`${admin.url}/admin${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, complaints }
}
