import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { openGallery, type GalleryWorld } from './gallery/gallery.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'

let world: GalleryWorld | null
beforeAll(async () => {
  world = await openGallery()
}, 120_000)
afterAll(() => world?.close())

async function open({ skip }: TestContext, place: string) {
  return world ? { ...(await world.open(place)), api: world.api } : skip('no Chromium starts here')
}

const screens: readonly Screen[] = [
  {
    name: 'controls',
    path: '/gallery',
    ready: (page) => page.getByRole('heading', { name: 'Gallery' }).waitFor(),
  },
  { name: 'charts', path: '/gallery?tab=charts', ready: (page) => page.locator('.cell').first().waitFor() },
  {
    name: 'list-filter',
    path: '/samples?size=large&name.contains=s',
    async ready(page) {
      await page.getByRole('button', { name: 'Change the filter Size' }).click()
      await page.getByRole('dialog', { name: 'Size' }).waitFor()
    },
  },
  {
    name: 'form',
    path: '/samples',
    async ready(page) {
      await page.getByRole('button', { name: 'Create' }).first().click()
      await page.getByRole('dialog').getByLabel('Details').fill('{')
      await page.getByRole('button', { name: 'Save' }).click()
    },
  },
]

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) {
    skip('no Chromium starts here')
    return
  }
  expect(await inspect(world, screen)).toEqual([])
})

test('a menu is walked by keys, and gives the focus back', async (context) => {
  const { page, complaints } = await open(context, '/gallery')
  const button = page.getByRole('button', { name: 'Actions' })
  await button.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('s')
  await page.keyboard.press('Enter')
  await page.getByText('Chosen: second').waitFor()
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await page.getByText('Chosen: second').waitFor()
  expect(complaints).toEqual([])
})

test('tabs, a choice among many and an instant in the zone of the shop are had by keys', async (context) => {
  const { page } = await open(context, '/gallery')
  await page.getByRole('combobox', { name: 'Fruit' }).focus()
  await page.keyboard.type('pl')
  await page.keyboard.press('Enter')
  expect(await page.getByRole('combobox', { name: 'Fruit' }).inputValue()).toBe('Plums')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  expect(await page.getByRole('combobox', { name: 'Fruit' }).inputValue()).toBe('Plums')
  await page.getByLabel('When').fill('2026-07-01T12:00')
  await page.getByText('Instant: 2026-07-01T12:00:00.000Z').waitFor()
  await page.getByRole('tab', { name: 'Controls' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('tabpanel', { name: 'Charts' }).waitFor()
  expect(new URL(page.url()).search).toBe('?tab=charts')
})

test('what cannot be undone is typed first, what can is undone by its notice', async (context) => {
  const { page } = await open(context, '/gallery')
  const erase = page.getByRole('button', { name: 'Erase', exact: true })
  await erase.click()
  const deed = page.getByRole('button', { name: 'Erase for good' })
  expect(await deed.isDisabled()).toBe(true)
  await page.getByLabel('Type fruit to go on').fill('fruit')
  await page.keyboard.press('Enter')
  await page.getByText('Chosen: erased').waitFor()
  expect(await erase.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Chosen: undone').waitFor()
})

test('rows of the page are saved as a file, and changes are heard as they happen', async (context) => {
  const { page, api } = await open(context, '/gallery')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('fruit.csv')
  expect(await readFile(await file.path(), 'utf8')).toMatch(/^\ufeffFruit\r\nApples\r\n/)
  await api.gallery.create({ body: { name: 'Heard' } })
  await page.getByText('Heard: 1').waitFor()
})

test('a chart is walked by arrow keys, says its values, and is a table as well', async (context) => {
  const { page, complaints } = await open(context, '/gallery?tab=charts')
  const chart = page.getByRole('figure', { name: 'How much was sold each day?' })
  const cursor = chart.getByRole('slider')
  await cursor.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  expect(await cursor.getAttribute('aria-valuetext')).toBe('Day 3\nThis month: 69\nLast month: 74')
  await page.keyboard.press('End')
  expect(await chart.locator('.values').innerText()).toContain('Day 30')
  await chart.getByRole('button', { name: 'Table' }).click()
  expect(await chart.getByRole('row').count()).toBe(31)
  const heat = page.getByRole('figure', { name: 'When do people buy?' }).getByRole('slider')
  await heat.focus()
  await page.keyboard.press('ArrowDown')
  expect(await heat.getAttribute('aria-valuetext')).toMatch(/^Tue, 0h/)
  await page
    .getByRole('figure', { name: 'Is there anything?' })
    .getByText('There are no values for this.')
    .waitFor()
  expect(complaints).toEqual([])
})

test('thousands of points are painted beneath the same lines, names and cursor', async (context) => {
  const { page, complaints } = await open(context, '/gallery?tab=dense')
  const chart = page.getByRole('figure')
  await chart.locator('canvas').waitFor()
  await chart.getByRole('slider').focus()
  await page.keyboard.press('End')
  expect(await chart.locator('.values').innerText()).toContain('P4999')
  expect(complaints).toEqual([])
})
