import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
  if (world) await manyCustomers(world, 2000)
}, 120_000)
afterAll(() => world?.close())

/** More rows than a list loads at once, and than a file is made of at once. */
async function manyCustomers({ shop }: AdminWorld, count: number): Promise<void> {
  const { api } = shop.as()
  for (let from = 0; from < count; from += 1000) {
    const operations = Array.from({ length: 1000 }, (_, n) => ({
      op: 'create' as const,
      values: { firstName: `Many ${from + n}`, email: `many-${from + n}@example.com`, country: 'FR' },
    }))
    await api.customers.bulk({ body: { operations } })
  }
}

async function open(
  { skip }: TestContext,
  path: string,
): Promise<{ page: Page; complaints: readonly string[] }> {
  if (!world) return skip('no Chromium starts here')
  const context = await world.signedIn()
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${world.url}/admin${path}`)
  return { page, complaints }
}

const links = (page: Page) => page.locator('.row-link')
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

test('filters are added by keyboard, stand as chips, and are all in the address', async (context) => {
  const { page, complaints } = await open(context, '/customers')
  await page.getByRole('button', { name: 'Filter' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('s')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Status' }).getByLabel('Active').press('Space')
  await page.keyboard.press('Enter')
  await expect.poll(() => params(page)).toEqual({ status: 'active' })
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Email' }).click()
  await page.getByRole('textbox', { name: 'Value' }).fill('person-11')
  await page.keyboard.press('Enter')
  await expect.poll(() => params(page)).toEqual({ status: 'active', 'email.contains': 'person-11' })
  await page.getByText('11 rows').waitFor()
  expect(await page.getByRole('button', { name: /^Change the filter/ }).allTextContents()).toEqual([
    'Email contains person-11',
    'Status Active',
  ])
  await page.reload()
  await page.getByText('11 rows').waitFor()
  await page.getByRole('button', { name: 'Remove the filter Status' }).click()
  await expect.poll(() => params(page)).toEqual({ 'email.contains': 'person-11' })
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => params(page)).toEqual({})
  expect(complaints).toEqual([])
})

test('a range of days is one of the tenant’s zone, and what no row fits says so', async (context) => {
  const { page } = await open(context, '/customers')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('menuitem', { name: 'Created at' }).click()
  await page.getByRole('textbox', { name: 'From' }).fill('2020-01-01')
  await page.getByRole('textbox', { name: 'To' }).fill('2020-01-31')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  expect(params(page)).toEqual({
    'createdAt.gte': '2020-01-01T00:00:00.000Z',
    'createdAt.lt': '2020-02-01T00:00:00.000Z',
  })
  expect(await page.getByRole('button', { name: /^Change the filter/ }).textContent()).toBe(
    'Created at Jan 1, 2020 – Jan 31, 2020',
  )
})

test('a thousand rows are read on as one scrolls, few of them are drawn, and the head stays', async (context) => {
  const { page } = await open(context, '/customers?sort=email')
  await links(page).first().waitFor()
  const box = page.getByRole('region', { name: 'Customers' })
  const most = await box.evaluate(async (element) => {
    let rows = 0
    let before = -1
    for (let still = 0; still < 20; still += before === element.scrollTop ? 1 : 0) {
      before = element.scrollTop
      element.scrollTop += 1500
      await new Promise((resolve) => setTimeout(resolve, 30))
      rows = Math.max(rows, element.querySelectorAll('tbody tr').length)
    }
    return rows
  })
  expect(most).toBeLessThanOrEqual(60)
  await page.getByRole('link', { name: 'person-99@example.com' }).waitFor()
  expect(await page.getByRole('columnheader', { name: 'Email' }).isVisible()).toBe(true)
})

test('arrow keys walk the rows, Enter opens one, J goes on, Escape returns to the row', async (context) => {
  const { page } = await open(context, '/customers')
  await links(page).first().focus()
  for (let row = 0; row < 70; row++) await page.keyboard.press('ArrowDown')
  const seventieth = await page.evaluate(() => document.activeElement?.textContent)
  expect(seventieth).toBe('many-1929@example.com')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: seventieth! }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('dialog', { name: 'many-1928@example.com' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('many-1928@example.com')
  expect(params(page)).toEqual({})
})

test('a drawer that the address opened gives the focus to its row', async (context) => {
  const { page } = await open(context, '/customers')
  await links(page).nth(3).click()
  await page.getByRole('dialog').waitFor()
  await page.reload()
  await page.getByRole('dialog', { name: 'many-1996@example.com' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toBe('many-1996@example.com')
})

test('Back comes to the same rows, the same place and the same choice', async (context) => {
  const { page } = await open(context, '/customers')
  await page.getByRole('checkbox', { name: 'Choose row: many-1998@example.com' }).check()
  const box = page.getByRole('region', { name: 'Customers' })
  await box.evaluate((element) => (element.scrollTop = 2100))
  await page.getByRole('link', { name: 'many-1945@example.com' }).waitFor()
  await page.getByRole('link', { name: 'Products' }).click()
  await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'many-1945@example.com' }).waitFor()
  expect(await box.evaluate((element) => element.scrollTop)).toBe(2100)
  await page.getByText('1 chosen').waitFor()
})

test('removed rows come back by one click', async (context) => {
  const { page } = await open(context, '/customers?email.contains=person-2&sort=email')
  await page.getByText('11 rows').waitFor()
  await page.getByRole('checkbox', { name: 'Choose all rows' }).check()
  await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('11 are back').waitFor()
  await page.getByText('11 rows').waitFor()
})

test('columns are chosen per person and stay', async (context) => {
  const { page } = await open(context, '/customers')
  await links(page).first().waitFor()
  await page.getByRole('button', { name: 'Columns' }).click()
  const choice = page.getByRole('dialog', { name: 'Columns' })
  await choice.getByLabel('Phone').uncheck()
  await choice.getByLabel('Time zone').check()
  await page.keyboard.press('Escape')
  await page.reload()
  await links(page).first().waitFor()
  const heads = await page.getByRole('columnheader').allTextContents()
  expect(heads).toContain('Time zone')
  expect(heads).not.toContain('Phone')
})

test('few rows are a file at once, many are made by a job that survives a reload', async (context) => {
  const { page } = await open(context, '/customers?email.contains=person-2')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^customers.*\.csv$/)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'CSV' }).click()
  await page.getByText('The file is being made').waitFor()
  await page.reload()
  const [whole] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ])
  const lines = (await readFile(await whole.path(), 'utf8')).split('\r\n')
  expect(lines).toHaveLength(2120 + 2)
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click()
  await page.reload()
  await links(page).first().waitFor()
  expect(await page.getByRole('link', { name: 'Download' }).count()).toBe(0)
})
