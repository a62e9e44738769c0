import type { Locator, Page } from 'playwright-core'
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

async function open(
  { skip, onTestFinished }: TestContext,
  path: string,
  prepare?: (page: Page) => Promise<unknown>,
) {
  if (!world) return skip('no Chromium starts here')
  const context = await world.signedIn()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(25_000)
  const complaints = complaintsOf(page)
  await prepare?.(page)
  await page.goto(`${world.url}/admin${path}`)
  return { page, complaints, api: world.shop.as().api }
}

const drawer = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name })

const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())

test('somebody finds a customer, reads on, tags, takes a note and a withdrawal down, and comes back', async (context) => {
  const { page, complaints, api } = await open(context, '/customers')
  await page.getByRole('searchbox', { name: 'Search in Customers' }).fill('person-119')
  await page.getByText('1 row', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Hana Silva 119' }).click()
  const hana = drawer(page, 'Hana Silva 119')
  await hana.getByText('+447400123456').waitFor()
  const id = params(page)['open']!
  await hana.getByLabel('Tags').fill('summer,')
  await expect
    .poll(() => api.customers.listCustomerTags({ params: { id } }))
    .toEqual({
      tags: ['summer', 'tea', 'vip'],
    })
  await hana.getByRole('button', { name: 'Take the tag vip off' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await hana.getByRole('button', { name: 'Take the tag vip off' }).waitFor()

  await hana.getByRole('tab', { name: 'Timeline' }).click()
  await hana.getByText('Newsletter opened').first().waitFor()
  expect(await hana.getByRole('listitem').count()).toBe(50)
  await hana.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => hana.getByRole('listitem').count()).toBe(63)
  await hana.getByLabel('Show').selectOption('What they told of themselves')
  await expect.poll(() => hana.getByRole('listitem').count()).toBe(1)
  expect(params(page)).toMatchObject({ tab: 'timeline', events: 'identify' })
  await page.reload()
  await expect.poll(() => hana.getByRole('listitem').count()).toBe(1)

  await hana.getByRole('tab', { name: 'Consents' }).click()
  await hana.getByRole('button', { name: 'Withdraw: E-mail' }).click()
  const answer = drawer(page, 'Hana Silva 119 withdraws the consent')
  await answer.getByLabel('Where it was said').selectOption('By letter')
  await answer.getByRole('button', { name: 'Withdraw' }).click()
  await hana.getByRole('button', { name: 'Grant: E-mail' }).waitFor()
  await hana.getByText('By letter').waitFor()

  await hana.getByRole('tab', { name: 'Notes' }).click()
  await hana.getByLabel('New note').fill('Moved house')
  await page.reload()
  expect(await hana.getByLabel('New note').inputValue()).toBe('Moved house')
  await hana.getByRole('button', { name: 'Add note' }).click()
  await hana.getByRole('listitem').filter({ hasText: 'Moved house' }).getByText(/^You/).waitFor()

  await hana.getByRole('button', { name: 'Close' }).click()
  await hana.waitFor({ state: 'detached' })
  expect(params(page)).toEqual({ q: 'person-119' })
  expect(await focused(page)).toBe('Hana Silva 119')
  expect(complaints).toEqual([])
})

test('what orders count of a customer stands in the list and the summary, as their plugin says', async (context) => {
  const columns = (page: Page) => page.getByRole('columnheader').allTextContents()
  const figures = (own: Locator) => own.locator('dl.figures dt').allTextContents()
  const { page } = await open(context, '/customers?q=person-15%40')
  await page.getByRole('link', { name: 'Hana Silva 015' }).waitFor()
  const own = ['', 'Name', 'E-mail', 'Status', 'Country']
  expect(await columns(page)).toEqual([...own, 'Tier', 'Orders', 'Spent', 'Last seen'])
  await page.getByRole('link', { name: 'Hana Silva 015' }).click()
  const hana = drawer(page, 'Hana Silva 015')
  await hana.getByRole('tab', { name: 'Orders' }).waitFor()
  expect(await figures(hana)).toEqual([
    'Spent',
    'Orders',
    'Average order',
    'Last order',
    'Last seen',
    'Events',
  ])

  const without = await open(context, '/customers?q=person-15%40', (page) =>
    page.route('**/api/v1/admin/manifest', async (route) => {
      const response = await route.fetch()
      const manifest = await response.json()
      for (const kind of ['columns', 'details'])
        manifest[kind] = manifest[kind].filter(({ plugin }: { plugin: string }) => plugin !== 'orders')
      await route.fulfill({ response, json: manifest })
    }),
  )
  await without.page.getByRole('link', { name: 'Hana Silva 015' }).click()
  await drawer(without.page, 'Hana Silva 015').getByRole('tab', { name: 'Orders' }).waitFor()
  expect(await columns(without.page)).toEqual([...own, 'Last seen'])
  expect(await figures(drawer(without.page, 'Hana Silva 015'))).toEqual(['Last seen', 'Events'])
})

test('two customers become one by keyboard alone, and two again', async (context) => {
  const { page, complaints, api } = await open(context, '/customers?lastName.contains=11')
  await page.getByRole('link', { name: 'Hana Silva 119' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await drawer(page, 'Greta Silva 118').getByRole('tab').first().waitFor()
  await page.keyboard.press('k')
  const hana = drawer(page, 'Hana Silva 119')
  await hana.getByRole('tab', { name: 'Summary' }).focus()
  await page.keyboard.press('End')
  await hana.getByText('u-119').waitFor()
  await hana.getByRole('button', { name: 'More' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Merge with another…' }).press('Enter')
  const dialog = drawer(page, 'Merge Hana Silva 119 with another customer')
  await dialog.getByRole('button', { name: /Hana Silva 111/ }).press('Enter')
  const preview = dialog.getByRole('region', { name: 'What the merge does' })
  await preview.getByRole('row', { name: 'Time zone – Europe/London Europe/London' }).waitFor()
  await preview.getByRole('row', { name: 'E-mail person-119@example.com person-111@' }).waitFor()
  await dialog.getByRole('button', { name: 'Keep the other one' }).press('Enter')
  await preview.getByRole('row', { name: 'E-mail person-111@example.com person-119@' }).waitFor()
  await dialog.getByRole('button', { name: 'Keep the other one' }).press('Enter')
  await dialog.getByRole('button', { name: 'Merge', exact: true }).press('Enter')
  await page.getByText('Hana Silva 111 is now part of Hana Silva 119').waitFor()
  const id = params(page)['open']!
  expect(await api.customers.get({ params: { id } })).toMatchObject({ timeZone: 'Europe/London' })
  await hana.getByRole('button', { name: 'Take apart' }).press('Enter')
  await page.getByText('Both customers are there again').waitFor()
  expect(await api.customers.get({ params: { id } })).toMatchObject({ timeZone: null })
  await page.keyboard.press('Escape')
  await hana.waitFor({ state: 'detached' })
  expect(await focused(page)).toBe('Hana Silva 119')
  expect(complaints).toEqual([])
})

test('many are tagged at once, and what was chosen stays when nothing was done', async (context) => {
  const { page, api } = await open(context, '/customers?lastName.contains=10')
  await page.getByRole('checkbox', { name: 'Choose all rows' }).check()
  const bar = page.getByRole('toolbar')
  await bar.getByRole('button', { name: 'Tag' }).click()
  await page.keyboard.press('Escape')
  await bar.getByText('12 chosen').waitFor()
  await bar.getByRole('button', { name: 'Tag' }).click()
  const dialog = drawer(page, 'Tag 12 customers')
  await dialog.getByLabel('Tags to put on').fill('autumn')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Tags of 12 customers changed').waitFor()
  expect((await api.customers.list({ query: { tag: 'autumn', limit: 50 } })).items).toHaveLength(12)
  expect(await bar.count()).toBe(0)
})

test('everything about a person is a file, and erasing them asks for their address', async (context) => {
  const { page, api } = await open(context, '/customers?q=person-7%40example.com')
  await page.getByRole('link', { name: 'Hana Silva 007' }).click()
  const hana = drawer(page, 'Hana Silva 007')
  await hana.getByRole('button', { name: 'More' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download everything about them' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^customer-.*\.json$/)
  const id = params(page)['open']!
  await hana.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Erase for good…' }).click()
  const dialog = drawer(page, 'Erase Hana Silva 007 for good?')
  expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type person-7@example.com to go on').fill('person-7@example.com')
  await dialog.getByRole('button', { name: 'Erase' }).click()
  await page.getByText('Erased', { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  await expect(api.customers.get({ params: { id } })).rejects.toMatchObject({ code: 'entity.not_found' })
})

const FILE = {
  name: 'people.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from('First name;Mail;Ctry;Shoes\nZoe;zoe@example.com;PT;38\nYan;nobody;PT;44\n'),
}

test('a file is imported after its columns were named, and taken back', async (context) => {
  const { page, complaints } = await open(context, '/customers')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const dialog = drawer(page, 'Import customers from a file')
  await dialog.getByLabel('CSV file').setInputFiles(FILE)
  await dialog.getByLabel('Mail becomes').selectOption('E-mail')
  await dialog.getByLabel('Ctry becomes').selectOption('Country')
  await dialog.getByText(/^Row 3: Mail/).waitFor()
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('1 new, 0 changed, 1 refused').waitFor()
  await page.getByRole('link', { name: 'Zoe' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('The import was taken back').waitFor()
  await page.getByRole('link', { name: 'Zoe' }).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('who may only look finds nothing to press', async (context) => {
  const { page } = await open(context, '/customers?q=person-119', (page) =>
    page.route('**/api/v1/admin/manifest', async (route) => {
      const response = await route.fetch()
      const manifest = await response.json()
      manifest.session.permissions = ['customers:read']
      manifest.entities.customers.routes = ['get']
      manifest.slots = []
      await route.fulfill({ response, json: manifest })
    }),
  )
  await page.getByRole('link', { name: 'Hana Silva 119' }).click()
  const hana = drawer(page, 'Hana Silva 119')
  await hana.getByText('tea').waitFor()
  expect(await hana.getByRole('tab').allTextContents()).toEqual(['Summary', 'Notes', 'Identities'])
  for (const name of ['Edit', 'Remove', 'More', 'Create', 'Import', /^Take the tag/])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  await hana.getByRole('tab', { name: 'Notes' }).click()
  await hana.getByText('Likes tea.').waitFor()
  expect(await hana.getByRole('textbox').count()).toBe(0)
})

test('a shop without customers says what will be there, and what fails can be tried again', async (context) => {
  let answer: { status: number; json: unknown } = {
    status: 200,
    json: { items: [], nextCursor: null, total: 0 },
  }
  const { page } = await open(context, '/customers', (page) =>
    page.route('**/api/v1/customers?*', (route) => route.fulfill(answer)),
  )
  await page.getByRole('heading', { name: 'Your customers will appear here' }).waitFor()
  await page.getByRole('button', { name: 'New customer' }).click()
  await drawer(page, 'New customer').getByLabel('First name').fill('Half')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'New customer' }).click()
  expect(await drawer(page, 'New customer').getByLabel('First name').inputValue()).toBe('Half')
  await page.keyboard.press('Escape')
  answer = { status: 500, json: { status: 500, detail: 'The disk is full', instance: 'request-1' } }
  await page.reload()
  await page.getByRole('alert').getByText('The disk is full').waitFor()
  answer = { status: 200, json: { items: [], nextCursor: null, total: 0 } }
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Your customers will appear here' }).waitFor()
})

const TABS = ['summary', 'timeline', 'orders', 'segments', 'consents', 'notes', 'identities'] as const
const HANA = '/customers?q=person-119'

/** Her drawer, with what happens in it after. */
const hana =
  (then?: (page: Page, drawer: Locator) => Promise<unknown>): Screen['ready'] =>
  async (page) => {
    await page.getByRole('link', { name: 'Hana Silva 119' }).click()
    const own = drawer(page, 'Hana Silva 119')
    await own.getByRole('tab').first().waitFor()
    await then?.(page, own)
    await page.waitForFunction(() => !document.querySelector('.loading'))
  }

const more = (name: string) => async (page: Page, own: Locator) => {
  await own.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name }).click()
}

const screens: readonly Screen[] = [
  ...TABS.map((tab): Screen => ({ name: `customers-${tab}`, path: `${HANA}&tab=${tab}`, ready: hana() })),
  {
    name: 'customers-edit',
    path: HANA,
    ready: hana(async (page, own) => {
      await own.getByRole('button', { name: 'Edit' }).click()
      await page.getByLabel('Last name').waitFor()
    }),
  },
  {
    name: 'customers-merge',
    path: HANA,
    ready: hana(async (page, own) => {
      await more('Merge with another…')(page, own)
      await page.getByRole('button', { name: /Hana Silva 111/ }).click()
      await page.getByRole('region', { name: 'What the merge does' }).waitFor()
    }),
  },
  {
    name: 'customers-import',
    path: '/customers?import=1',
    async ready(page) {
      await page.getByLabel('CSV file').setInputFiles(FILE)
      await page.getByRole('region', { name: 'What the columns become' }).waitFor()
    },
  },
  { name: 'customers-erase', path: HANA, ready: hana(more('Erase for good…')) },
  {
    name: 'customers-consent',
    path: `${HANA}&tab=consents`,
    ready: hana((_, own) => own.getByRole('button', { name: 'Record another consent' }).click()),
  },
]

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) return skip('no Chromium starts here')
  expect(await inspect(world, screen)).toEqual([])
})
