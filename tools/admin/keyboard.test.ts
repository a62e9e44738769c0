import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { complaintsOf, openAdmin, OWNER, type AdminWorld } from './admin.fixture.ts'
import { tabTo, withoutMouse } from './keyboard.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

/** A window without a mouse. */
async function open({ skip, onTestFinished }: TestContext, path: string, { signedIn = true } = {}) {
  if (!world) return skip('no Chromium starts here')
  const context = signedIn ? await world.signedIn() : await world.browser.newContext({ locale: 'en-US' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await withoutMouse(page)
  await page.goto(`${world.url}/admin${path}`)
  return { page, complaints, api: world.shop.as().api }
}

const drawer = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

test('the guard against mice sees one', async (context) => {
  const { page, complaints } = await open(context, '/sign-in', { signedIn: false })
  await page.getByRole('button', { name: 'Sign in' }).click()
  expect(complaints).toContain('error: There is no mouse here, and yet a pointerdown')
})

test('somebody signs in and finds their way by keyboard alone', async (context) => {
  const { page, complaints } = await open(context, '/sign-in?next=/orders', { signedIn: false })
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await page.getByLabel('E-mail').focus()
  await page.keyboard.type(OWNER.email)
  await tabTo(page, 'Password')
  await page.keyboard.type(OWNER.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('plugins')
  await page
    .getByRole('option', { name: /Plugins/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Plugins', level: 1 }).waitFor()
  expect(complaints).toEqual([])
})

test('a customer is found, read, tagged, noted and left by keyboard alone', async (context) => {
  const { page, complaints, api } = await open(context, '/customers')
  await page.getByRole('link', { name: 'Hana Silva 119' }).waitFor()
  await tabTo(page, 'Search in Customers')
  await page.keyboard.type('person-118@')
  await page.getByText('1 row', { exact: true }).waitFor()
  await tabTo(page, 'Greta Silva 118')
  await page.keyboard.press('Enter')
  const greta = drawer(page, 'Greta Silva 118')
  await greta.getByLabel('Tags').waitFor()
  const id = new URL(page.url()).searchParams.get('open')!
  await tabTo(page, 'Tags')
  await page.keyboard.type('quick,')
  await expect.poll(() => api.customers.listCustomerTags({ params: { id } })).toEqual({ tags: ['quick'] })
  await tabTo(page, 'Summary', 'Shift+Tab')
  for (let step = 0; step < 8 && !page.url().includes('tab=notes'); step++)
    await page.keyboard.press('ArrowRight')
  await greta.getByLabel('New note').waitFor()
  await tabTo(page, 'New note')
  await page.keyboard.type('Prefers letters')
  await tabTo(page, 'Add note')
  await page.keyboard.press('Enter')
  await greta.getByRole('listitem').filter({ hasText: 'Prefers letters' }).waitFor()
  await page.keyboard.press('Escape')
  await greta.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('an order is found and a line of it refunded by keyboard alone', async (context) => {
  const { page, complaints } = await open(context, '/orders')
  await page.getByRole('link', { name: '1040' }).waitFor()
  await tabTo(page, /^Search/)
  await page.keyboard.type('1038')
  await page.getByText('1 row', { exact: true }).waitFor()
  await tabTo(page, '1038')
  await page.keyboard.press('Enter')
  const order = drawer(page, 'Order 1038')
  await order.getByRole('heading', { name: 'What was bought' }).waitFor()
  await tabTo(page, /^Refund/)
  await page.keyboard.press('Enter')
  const refund = drawer(page, 'Refund of order 1038')
  await refund.waitFor()
  await tabTo(page, /^Refund( |$)/)
  await page.keyboard.press('Enter')
  await refund.waitFor({ state: 'detached' })
  await order.getByRole('heading', { name: 'Refunds' }).waitFor()
  await page.keyboard.press('Escape')
  await order.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
