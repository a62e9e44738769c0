import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { openGallery, type GalleryWorld } from './gallery/gallery.fixture.ts'

const ROWS = 2100

let world: GalleryWorld | null
beforeAll(async () => {
  world = await openGallery()
  if (world) await fill(world)
}, 120_000)
afterAll(() => world?.close())

/** More rows than a list loads at once, and than a file is made of at once: `s-0000` to `s-2099`. */
async function fill({ api }: GalleryWorld): Promise<void> {
  for (let from = 0; from < ROWS; from += 700) {
    const operations = Array.from({ length: 700 }, (_, n) => ({
      op: 'create' as const,
      values: {
        name: `s-${String(from + n).padStart(4, '0')}`,
        size: (from + n) % 2 === 0 ? ('small' as const) : ('large' as const),
        count: from + n,
        worth: (from + n) * 100,
      },
    }))
    await api.gallery.bulk({ body: { operations } })
  }
}

async function open({ skip }: TestContext, path: string) {
  return world ? world.open(path) : skip('no Chromium starts here')
}

const links = (page: Page) => page.locator('.row-link')
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

test('filters are added by keyboard, stand as chips, and are all in the address', async (context) => {
  const { page, complaints } = await open(context, '/samples')
  await page.getByRole('button', { name: 'Filter' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('s')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Size' }).getByLabel('Large').press('Space')
  await page.keyboard.press('Enter')
  await expect.poll(() => params(page)).toEqual({ size: 'large' })
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Name' }).click()
  await page.getByRole('textbox', { name: 'Value' }).fill('s-011')
  await page.keyboard.press('Enter')
  await expect.poll(() => params(page)).toEqual({ size: 'large', 'name.contains': 's-011' })
  await page.getByText('5 rows').waitFor()
  expect(await page.getByRole('button', { name: /^Change the filter/ }).allTextContents()).toEqual([
    'Name contains s-011',
    'Size Large',
  ])
  await page.reload()
  await page.getByText('5 rows').waitFor()
  await page.getByRole('button', { name: 'Remove the filter Size' }).click()
  await expect.poll(() => params(page)).toEqual({ 'name.contains': 's-011' })
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => params(page)).toEqual({})
  expect(complaints).toEqual([])
})

test('a range of days is one of the tenant’s zone, and what no row fits says so', async (context) => {
  const { page } = await open(context, '/samples')
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
  const { page } = await open(context, '/samples?sort=name')
  await links(page).first().waitFor()
  const box = page.getByRole('region', { name: 'Samples' })
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
  await page.getByRole('link', { name: 's-2099' }).waitFor()
  expect(await page.getByRole('columnheader', { name: 'Name' }).isVisible()).toBe(true)
})

test('arrow keys walk the rows, Enter opens one, J goes on, Escape returns to the row', async (context) => {
  const { page } = await open(context, '/samples')
  await links(page).first().focus()
  for (let row = 0; row < 70; row++) await page.keyboard.press('ArrowDown')
  const seventieth = await page.evaluate(() => document.activeElement?.textContent)
  expect(seventieth).toBe('s-2029')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: seventieth! }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('dialog', { name: 's-2028' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('s-2028')
  expect(params(page)).toEqual({})
})

test('a drawer that the address opened gives the focus to its row', async (context) => {
  const { page } = await open(context, '/samples')
  await links(page).nth(3).click()
  await page.getByRole('dialog').waitFor()
  await page.reload()
  await page.getByRole('dialog', { name: 's-2096' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('s-2096')
})

test('Back comes to the same rows, the same place and the same choice', async (context) => {
  const { page } = await open(context, '/samples')
  await page.getByRole('checkbox', { name: 'Choose row: s-2098' }).check()
  const box = page.getByRole('region', { name: 'Samples' })
  await box.evaluate((element) => (element.scrollTop = 2100))
  await page.getByRole('link', { name: 's-2045' }).waitFor()
  await page.getByRole('link', { name: 'Gallery' }).click()
  await page.getByRole('heading', { name: 'Gallery', level: 1 }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 's-2045' }).waitFor()
  expect(await box.evaluate((element) => element.scrollTop)).toBe(2100)
  await page.getByText('1 chosen').waitFor()
})

test('removed rows come back by one click', async (context) => {
  const { page } = await open(context, '/samples?name.contains=s-02&sort=name')
  await page.getByText('100 rows').waitFor()
  await page.getByRole('checkbox', { name: 'Choose all rows' }).check()
  await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('100 are back').waitFor()
  await page.getByText('100 rows').waitFor()
})

test('columns are chosen per person and stay', async (context) => {
  const { page } = await open(context, '/samples')
  await links(page).first().waitFor()
  await page.getByRole('button', { name: 'Columns' }).click()
  const choice = page.getByRole('dialog', { name: 'Columns' })
  await choice.getByLabel('Count').uncheck()
  await choice.getByLabel('At', { exact: true }).check()
  await page.keyboard.press('Escape')
  await page.reload()
  await links(page).first().waitFor()
  const heads = await page.getByRole('columnheader').allTextContents()
  expect(heads).toContain('At')
  expect(heads).not.toContain('Count')
})

test('few rows are a file at once, many are made by a job that survives a reload', async (context) => {
  const { page } = await open(context, '/samples?name.contains=s-02')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^samples.*\.csv$/)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'CSV' }).click()
  await page.getByText('The file is being made').waitFor()
  await page.reload()
  const [whole] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ])
  const lines = (await readFile(await whole.path(), 'utf8')).split('\r\n')
  expect(lines).toHaveLength(ROWS + 2)
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click()
  await page.reload()
  await links(page).first().waitFor()
  expect(await page.getByRole('link', { name: 'Download' }).count()).toBe(0)
})

test('filters, sort and columns are saved as a view, which is changed, removed and brought back', async (context) => {
  const { page, complaints } = await open(context, '/samples?size=large&sort=-count')
  await links(page).first().waitFor()
  await page.getByRole('button', { name: /^Views/ }).click()
  await page.getByRole('menuitem', { name: 'Save as a view…' }).click()
  await page.getByLabel('Name').fill('Large ones')
  await page.getByLabel('Everybody here sees it').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Views: Large ones' }).waitFor()
  await page.goto(page.url().split('?')[0]!)
  await page.getByRole('button', { name: /^Views/ }).click()
  await page.getByRole('menuitemradio', { name: 'Large ones' }).click()
  await page.getByText('1,050 rows').waitFor()
  expect(params(page)).toMatchObject({ size: 'large', sort: '-count' })
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('dialog', { name: 'Columns' }).getByLabel('Count').uncheck()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Views: Large ones' }).click()
  await page.getByRole('menuitem', { name: 'Save the changes to Large ones' }).click()
  await page.getByText('Saved').waitFor()
  await expect.poll(() => params(page)['columns']).toBeUndefined()
  await page.reload()
  await links(page).first().waitFor()
  expect(await page.getByRole('columnheader').allTextContents()).not.toContain('Count')
  await page.getByRole('button', { name: 'Views: Large ones' }).click()
  await page.getByRole('menuitem', { name: 'Remove Large ones' }).click()
  await expect.poll(() => params(page)).toEqual({})
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Views: Large ones' }).waitFor()
  expect(complaints).toEqual([])
})

test('a panel says what differs: columns, tabs, bulk actions and a drawer of its own', async (context) => {
  const { page, complaints } = await open(context, '/own-samples?sort=name')
  await links(page).first().waitFor()
  expect(await page.getByRole('columnheader').allTextContents()).toEqual(['', 'Name', 'Size', 'Twice'])
  await page.getByRole('tab', { name: 'Large' }).click()
  await page.getByText('1,050 rows').waitFor()
  await page.getByRole('checkbox', { name: 'Choose row: s-0003' }).check()
  await page.getByRole('button', { name: 'Make small' }).click()
  await page.getByText('1,049 rows').waitFor()
  await page.getByRole('link', { name: 's-0005' }).click()
  await page.getByRole('dialog', { name: 's-0005' }).getByRole('figure').waitFor()
  expect(complaints).toEqual([])
})
