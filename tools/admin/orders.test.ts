import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

async function open({ skip, onTestFinished }: TestContext, path: string) {
  if (!world) return skip('no Chromium starts here')
  const context = await world.signedIn()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${world.url}/admin${path}`)
  return { world, page, complaints }
}

const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const drawer = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })
const rows = (page: Page) => page.locator('.row-link')

test('somebody finds an order by its number, looks at the customer, comes back and refunds a line', async (context) => {
  const { page, complaints } = await open(context, '/orders')
  await page.getByRole('searchbox', { name: 'Search in Orders' }).fill('1040')
  await expect.poll(() => rows(page).allTextContents()).toEqual(['1040'])
  await page.getByRole('link', { name: '1040', exact: true }).click()
  const order = drawer(page, 'Order 1040')
  await order.getByText('Postage').waitFor()
  await order.getByRole('link', { name: 'Ana Silva 000' }).click()
  await page.waitForURL(/\/customers\?open=/)
  await drawer(page, /Ana Silva 000|person-0@example\.com/).waitFor()
  await page.goBack()
  await order.getByText('Postage').waitFor()
  expect(params(page)).toMatchObject({ q: '1040', open: expect.any(String) })

  await order.getByRole('button', { name: 'Refund Postage' }).click()
  const refund = drawer(page, 'Refund of order 1040')
  expect(await refund.getByLabel('Amount (EUR)').inputValue()).toBe('4.90')
  expect(await refund.getByLabel('Note').inputValue()).toBe('Postage')
  await refund.getByLabel('Reason').selectOption('Damaged or missing')
  await refund.getByRole('button', { name: 'Refund', exact: true }).click()
  await page.getByText('€4.90 of order 1040 refunded').waitFor()
  await order.getByText('€4.90 refunded').waitFor()
  await order.getByRole('button', { name: 'Close' }).first().click()
  await page.getByRole('cell', { name: '€4.90', exact: true }).waitFor()
  expect(complaints).toEqual([])
})

test('the same by keyboard alone, and J goes on to the next order', async (context) => {
  const { page, complaints } = await open(context, '/orders?state=paid')
  await rows(page).first().focus()
  await page.keyboard.press('ArrowDown')
  const number = await page.evaluate(() => document.activeElement!.textContent)
  await page.keyboard.press('Enter')
  await drawer(page, `Order ${number}`).getByRole('button', { name: 'Refund…' }).press('Enter')
  const refund = drawer(page, `Refund of order ${number}`)
  await refund.waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await refund.waitFor({ state: 'detached' })
  await page.keyboard.press('j')
  await drawer(page, `Order ${number}`).waitFor({ state: 'detached' })
  const next = await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(`Order ${await page.evaluate(() => document.activeElement!.textContent)}`).toBe(next)
  expect(params(page)).toEqual({ state: 'paid' })
  expect(complaints).toEqual([])
})

test('an amount that cannot be is told at its field, and what was typed stays', async (context) => {
  const { page } = await open(context, '/orders?q=1039')
  await rows(page).first().click()
  // 1039 waits to be paid.
  await page.getByRole('button', { name: 'Mark as paid' }).click()
  await page.keyboard.press('Enter')
  await page.getByText('Order 1039 is paid').waitFor()
  const order = drawer(page, 'Order 1039')
  await order.getByRole('button', { name: 'Refund…' }).click()
  const amount = page.getByLabel('Amount (EUR)')
  for (const [typed, wrong] of [
    ['', 'Say how much is given back'],
    ['many', 'This is no amount'],
    ['-1', 'It must be more than nothing'],
    ['1.234', 'EUR has 2 digits behind the point'],
    ['9999', 'No more than'],
  ] as const) {
    await amount.fill(typed)
    await page.keyboard.press('Enter')
    await page.getByText(wrong).waitFor()
    expect(await amount.getAttribute('aria-invalid')).toBe('true')
    expect(await amount.evaluate((input) => input === document.activeElement)).toBe(true)
  }
  await amount.fill('1,25')
  await page.getByLabel('Note').fill('a crack')
  await page.keyboard.press('Escape')
  await page.reload()
  await order.getByRole('button', { name: 'Refund…' }).click()
  expect(await amount.inputValue()).toBe('1,25')
  await amount.press('Enter')
  await page.getByText('€1.25 of order 1039 refunded').waitFor()
  await order.getByText('a crack').waitFor()
})

test('a refund whose answer was lost is made once', async (context) => {
  const { page, world } = await open(context, '/orders?q=1036')
  await rows(page).first().click()
  await page.getByRole('button', { name: 'Refund…' }).click()
  await page.getByLabel('Amount (EUR)').fill('2')
  await page.route('**/refunds', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await page.keyboard.press('Enter')
  await page.getByText('it is not known whether the refund was made').waitFor()
  await page.unroute('**/refunds')
  await page.getByRole('button', { name: 'Refund', exact: true }).click()
  await page.getByText('€2.00 of order 1036 refunded').waitFor()
  const { refunds } = await world.shop.as().api.orders.lookup({ query: { number: '1036' } })
  expect(refunds.map(({ amount }) => amount.amount)).toEqual([200])
})

test('tabs count, an address finds its orders, a file has what the list has', async (context) => {
  const { page } = await open(context, '/orders')
  await page.getByRole('tab', { name: /^Cancelled 1$/ }).click()
  await expect.poll(() => rows(page).count()).toBe(1)
  expect(params(page)).toEqual({ state: 'cancelled' })
  await page.goto(page.url().replace(/\?.*/, '?q=PERSON-0@example.com'))
  await expect.poll(() => rows(page).count()).toBeGreaterThan(0)
  const numbers = await rows(page).allTextContents()
  const link = page.getByRole('link', { name: 'CSV' })
  const file = await page.evaluate(
    async (url) => (await fetch(url)).text(),
    (await link.getAttribute('href'))!,
  )
  const lines = file.trim().split('\r\n').slice(1)
  expect(lines.map((line) => numbers.find((number) => line.includes(number)))).toEqual(numbers)
  await page.getByRole('searchbox').fill('nobody@example.com')
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
})

test('an order is cancelled when its number was typed, and what was paid is given back', async (context) => {
  const { page, world } = await open(context, '/orders?q=1037')
  await rows(page).first().click()
  await page.getByRole('button', { name: 'Cancel order' }).click()
  const ask = drawer(page, 'Cancel order 1037?')
  const deed = ask.getByRole('button', { name: 'Cancel order' })
  expect(await deed.isDisabled()).toBe(true)
  await ask.getByLabel('Type 1037 to go on').fill('1037')
  await page.keyboard.press('Enter')
  await page.getByText('Order 1037 is cancelled').waitFor()
  const { order, refunds } = await world.shop.as().api.orders.lookup({ query: { number: '1037' } })
  expect(order.state).toBe('cancelled')
  expect(refunds).toHaveLength(1)
})

test('an order that is gone says so, and one that does not come can be asked for again', async (context) => {
  const { page, world } = await open(context, '/orders?open=0190a000-0000-7000-8000-000000000000')
  await page.getByRole('heading', { name: 'It is not there any more' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const { order } = await world.shop.as().api.orders.lookup({ query: { number: '1020' } })
  await page.route(`**/orders/${order.id}`, (route) => route.abort())
  await page.goto(`${world.url}/admin/orders?open=${order.id}`)
  await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor()
  await page.unroute(`**/orders/${order.id}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'History' }).waitFor()
})

test('the first page says what was sold, and each day of it', async (context) => {
  const { page, complaints } = await open(context, '')
  await page.getByText('How much was sold each day?').waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Sales, 30 days' }).getByText('€').waitFor()
  await page.getByRole('button', { name: 'Table' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(31)
  expect(complaints).toEqual([])
})

const screens: readonly Screen[] = [
  { name: 'orders', path: '/orders', ready: (page) => page.getByRole('table').waitFor() },
  { name: 'orders-drawer', path: '/orders?q=1040', ready: openFirst },
  {
    name: 'orders-refund',
    path: '/orders?q=1040',
    async ready(page) {
      await openFirst(page)
      await page.getByRole('button', { name: 'Refund…' }).click()
      await page.getByLabel('Amount (EUR)').fill('9999')
      await page.keyboard.press('Enter')
      await page.getByText('No more than').waitFor()
    },
  },
]

async function openFirst(page: Page): Promise<void> {
  await rows(page).first().click()
  await page.getByRole('heading', { name: 'History' }).scrollIntoViewIfNeeded()
}

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) {
    skip('no Chromium starts here')
    return
  }
  expect(await inspect(world, screen)).toEqual([])
})
