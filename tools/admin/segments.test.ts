import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'
import { tabTo, withoutMouse } from './keyboard.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

async function open(
  { skip, onTestFinished }: TestContext,
  path: string,
  prepare?: (page: Page) => Promise<void>,
) {
  if (!world) return skip('no Chromium starts here')
  const { api } = world.shop.as()
  const context = await world.signedIn()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await prepare?.(page)
  await page.goto(`${world.url}/admin${path}`)
  return { world, page, complaints, api }
}

const inBrazil = { all: [{ type: 'attribute', field: 'country', operator: 'is', value: 'BR' }] }

const count = (page: Page) => page.locator('.preview strong')
const rules = (page: Page) => page.locator('.sentence')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

async function addRule(page: Page, words: string): Promise<void> {
  const before = await rules(page).count()
  await button(page, 'Add rule').last().click()
  await page.getByRole('combobox', { name: /^Search fields/ }).fill(words)
  await page.keyboard.press('Enter')
  await rules(page).nth(before).waitFor()
}

test('a template becomes a segment whose members are counted while its rules are changed', async (context) => {
  const { page, complaints } = await open(context, '/segments')
  await page.getByRole('link', { name: /^New customers/ }).click()
  await expect.poll(() => count(page).textContent()).toBe('120')
  await addRule(page, 'country')
  await page.getByRole('textbox', { name: 'Value' }).fill('BR')
  await expect.poll(() => count(page).textContent()).toBe('30')
  expect(await page.locator('.people a').count()).toBe(10)
  await button(page, 'Create segment').click()
  await page.getByText('Live', { exact: true }).waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/admin\/segments\/[0-9a-f-]{36}$/)
  await page.getByRole('tab', { name: 'Members' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(31)
  expect(complaints).toEqual([])
})

test('everything is done by keyboard: groups, rules, moves, removal, and the focus stays near', async (context) => {
  const { page, api, complaints } = await open(context, '/segments/new', withoutMouse)
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  await tabTo(page, 'Name')
  await page.keyboard.type('By keyboard')
  await tabTo(page, 'Add rule')
  await page.keyboard.press('Enter')
  await page.keyboard.type('country')
  await page.keyboard.press('Enter')
  await page.keyboard.type('PT')
  await tabTo(page, 'Add group')
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Group 2 of 2: Any of these' }).waitFor()
  // The focus is on the new group's own button.
  await page.keyboard.press('Enter')
  await page.keyboard.type('e-mail')
  await page.keyboard.press('Enter')
  await page.keyboard.type('person-1@example.com')
  await tabTo(page, /^Actions for rule/)
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('m')
  for (let step = 0; step < 8; step++) {
    if ((await page.evaluate(() => document.activeElement?.textContent)) === 'Move out of the group') break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Rule 3 of 3: E-mail is person-1@example.com' }).waitFor()
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Actions for rule: E-mail is person-1@example.com')
  await tabTo(page, 'Actions for Group 2 of 3: Any of these', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('group', { name: /^Group/ }).count()).toBe(0)
  await page.keyboard.press('Control+s')
  await page.getByText('Saved').waitFor()
  const { items } = await api.segments.list({ query: { name: 'By keyboard' } })
  expect(items[0]?.condition).toEqual({
    all: [
      { type: 'attribute', field: 'country', operator: 'is', value: 'PT' },
      { type: 'attribute', field: 'email', operator: 'is', value: 'person-1@example.com' },
    ],
  })
  expect(complaints).toEqual([])
})

test('undo and redo go by edits, and what is not saved survives Back', async (context) => {
  const { page } = await open(context, '/segments/new')
  await addRule(page, 'country')
  await page.getByRole('textbox', { name: 'Value' }).pressSequentially('Brazil')
  await addRule(page, 'number of orders')
  await page.getByRole('spinbutton', { name: 'Value' }).fill('3')
  await expect
    .poll(() => rules(page).allTextContents())
    .toEqual(['Country is Brazil', 'Number of orders is at least 3'])
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect.poll(() => rules(page).allTextContents()).toEqual(['Country is Brazil'])
  await page.keyboard.press('Control+z')
  await expect.poll(() => rules(page).allTextContents()).toEqual(['Country is …'])
  await page.keyboard.press('Control+Shift+z')
  await button(page, 'Redo').click()
  await expect.poll(() => rules(page).count()).toBe(2)
  await page.getByRole('link', { name: 'Segments' }).first().click()
  await page.getByRole('link', { name: 'New segment' }).waitFor()
  await page.goBack()
  await page.getByText('Your changes of before are back').waitFor()
  expect(await rules(page).first().textContent()).toBe('Country is Brazil')
  await button(page, 'Discard').click()
})

test('somebody else’s change and an ended session lose nothing', async (context) => {
  const { page, api } = await open(context, '/segments')
  const { id } = await api.segments.create({ body: { name: 'Shared', condition: inBrazil } })
  await page.goto(`${world!.url}/admin/segments/${id}`)
  await page.getByRole('textbox', { name: 'Value' }).fill('DE')
  await api.segments.update({ params: { id }, body: { description: 'By somebody else' } })
  await button(page, 'Save').click()
  await page.getByText('Somebody else has saved this segment meanwhile').waitFor()
  expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('DE')
  await button(page, 'Save mine over it').click()
  await page.getByText('Saved', { exact: true }).waitFor()
  const cookies = await page.context().cookies()
  await page.context().clearCookies()
  await page.getByRole('textbox', { name: 'Value' }).fill('GB')
  await button(page, 'Save').click()
  await page.getByText('Your session has ended').waitFor()
  await page.context().addCookies(cookies)
  await page.reload()
  await page.getByText('Your changes of before are back').waitFor()
  expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('GB')
  await button(page, 'Save').click()
  await expect
    .poll(async () => (await api.segments.get({ params: { id } })).condition)
    .toEqual({ all: [{ type: 'attribute', field: 'country', operator: 'is', value: 'GB' }] })
})

test('warnings stand at their rule, and previews that nobody waits for are dropped', async (context) => {
  const { page } = await open(context, '/segments/new')
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/segments/preview')) asked.push(request.postData() ?? '')
  })
  await addRule(page, 'did something')
  await page.getByLabel('Event', { exact: true }).pressSequentially('Product Veiwed', { delay: 20 })
  await page.keyboard.press('Enter')
  await page.getByText('Nobody has sent the event “Product Veiwed” yet').waitFor()
  expect(asked.filter((body) => body.includes('Veiwed'))).toHaveLength(1)
  await addRule(page, 'number of orders')
  await page.getByRole('spinbutton', { name: 'Value' }).last().fill('5')
  await addRule(page, 'number of orders')
  await page.getByRole('combobox', { name: 'Comparison' }).last().selectOption({ label: 'is less than' })
  await page.getByRole('spinbutton', { name: 'Value' }).last().fill('2')
  await page.getByText('These rules contradict each other').waitFor()
  await expect.poll(() => count(page).textContent()).toBe('0')
})

test('a person is tested before anything is saved, with what was seen', async (context) => {
  const { page } = await open(context, '/segments/new')
  await addRule(page, 'country')
  await page.getByRole('textbox', { name: 'Value' }).fill('DE')
  const person = page.getByRole('combobox', { name: 'Customer', exact: true })
  await person.click()
  await person.pressSequentially('person-3@')
  await page.getByRole('option', { name: /person-3@/ }).click()
  await page.getByText('Does not meet the rules').waitFor()
  expect(await page.locator('.why').textContent()).toContain('Country is DESeen: GB')
  await page.getByRole('textbox', { name: 'Value' }).fill('GB')
  await page.getByText('Meets the rules', { exact: true }).waitFor()
  await button(page, 'Discard').click()
})

test('every kind of rule is drawn and said, and none needs JSON', async (context) => {
  const { page, complaints, api } = await open(context, '/segments')
  const { types } = await api.segments.language()
  // All operators of traits and of a customer's fields; of the others, as many as a condition takes.
  const whole = (name: string): boolean => name === 'trait' || name === 'attribute'
  const parts = types.flatMap(({ name, examples }) => (whole(name) ? examples : examples.slice(0, 3)))
  expect(parts.length).toBeLessThan(200)
  const { id } = await api.segments.create({ body: { name: 'Examples', condition: { any: parts } } })
  await page.goto(`${world!.url}/admin/segments/${id}`)
  await rules(page)
    .nth(parts.length - 1)
    .waitFor()
  expect(await page.locator('.builder textarea').count()).toBe(0)
  const said = await rules(page).allTextContents()
  expect(said.filter((text) => /…|conditions\.|undefined|NaN|[{}]/.test(text))).toEqual([])
  expect(complaints).toEqual([])
})

test('new rules of many kinds begin with what is still to be filled in', async (context) => {
  const { page } = await open(context, '/segments/new')
  const begun = {
    'accepts marketing': 'Accepts marketing is Yes',
    'last order': 'Last order is in the last 30 days',
    'did something': 'Did …',
    'one thing after': 'Did …, then …',
    'top customers': 'The … customers with the highest Number of events',
    consent: 'Consent to … is given',
    'any trait': 'Trait … is …',
  }
  for (const words of Object.keys(begun)) await addRule(page, words)
  await expect.poll(() => rules(page).allTextContents()).toEqual(Object.values(begun))
  await page.getByText('Fill in the marked rules to see who is in.').waitFor()
  await button(page, 'Discard').click()
})

test('archived by mistake is undone, and what others use stays', async (context) => {
  const { page, api } = await open(context, '/segments')
  const { id } = await api.segments.create({ body: { name: 'Used', condition: inBrazil } })
  const { id: user } = await api.segments.create({
    body: { name: 'User', condition: { all: [{ type: 'segment', segment: id, membership: 'is' }] } },
  })
  await page.goto(`${world!.url}/admin/segments/${id}?tab=uses`)
  await page.getByRole('link', { name: 'User' }).waitFor()
  await button(page, 'Actions').click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await page.getByText(/it is used by segment "User"/).waitFor()
  await page.goto(`${world!.url}/admin/segments/${user}`)
  await page.getByText('Is in “Used”').waitFor()
  await button(page, 'Actions').click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await page.getByText('“User” was archived').waitFor()
  await button(page, 'Undo').click()
  await expect.poll(async () => (await api.segments.get({ params: { id: user } })).name).toBe('User')
})

test('members are put in by hand with a reason and taken out with undo; versions come back', async (context) => {
  const { page, api } = await open(context, '/segments')
  const { id } = await api.segments.create({ body: { name: 'By hand', kind: 'manual' } })
  await page.goto(`${world!.url}/admin/segments/${id}?tab=members`)
  await button(page, 'Add by hand').click()
  const person = page.getByRole('combobox', { name: /^Customer/ })
  await person.click()
  await person.pressSequentially('person-5@')
  await page.getByRole('option', { name: /person-5@/ }).click()
  await page.getByRole('textbox', { name: 'Reason' }).fill('Friend of the house')
  await button(page, 'Save').click()
  await page.getByRole('link', { name: 'Farid Silva 005' }).first().waitFor()
  await button(page, 'Remove Farid Silva 005').click()
  await page.getByText('Nobody is in it').waitFor()
  await button(page, 'Undo').click()
  await page.getByRole('row', { name: /Farid Silva 005/ }).waitFor()

  const { id: other } = await api.segments.create({ body: { name: 'Versions', condition: inBrazil } })
  await api.segments.update({ params: { id: other }, body: { condition: { all: [] } } })
  await page.goto(`${world!.url}/admin/segments/${other}?tab=history`)
  await button(page, 'Restore version 1').click()
  await page.getByText('Version 1 is back').waitFor()
  expect((await api.segments.get({ params: { id: other } })).condition).toEqual(inBrazil)
})

const KINDS = {
  all: [
    { type: 'attribute', field: 'country', operator: 'in', value: ['BR', 'PT'] },
    { type: 'attribute', field: 'createdAt', operator: 'dayOfWeek', value: ['monday', 'sunday'] },
    {
      any: [
        {
          ...{ type: 'event', name: ['Product Viewed', 'Product Added'] },
          where: [{ property: 'category', operator: 'is', value: 'Tea' }],
          within: { calendar: 'month', from: -3, to: -1 },
          count: { operator: 'between', value: [1, 3] },
        },
        { not: { type: 'top', by: { type: 'metric', field: 'orderCount' }, count: 100 } },
      ],
    },
  ],
}

/** A segment of which there is something in each of its views; the same for all that look at it. */
async function lookedAt({ shop }: AdminWorld): Promise<string> {
  const { api } = shop.as()
  const { items } = await api.segments.list({ query: { name: 'Looked at' } })
  if (items[0]) return items[0].id
  const { id } = await api.segments.create({ body: { name: 'Looked at', condition: { all: [] } } })
  await api.segments.update({ params: { id }, body: { condition: inBrazil } })
  await api.segments.create({
    body: { name: 'On top', condition: { all: [{ type: 'segment', segment: id, membership: 'is' }] } },
  })
  const [customerId] = await customersLike(shop, 'person-6@')
  const body = { mode: 'include', reason: 'Friend of the house' } as const
  await api.segments.setPin({ params: { id, customerId: customerId! }, body })
  return id
}

const customersLike = async (shop: AdminWorld['shop'], q: string): Promise<readonly string[]> =>
  (await shop.as().api.customers.list({ query: { q } })).items.map(({ id }) => id)

interface View extends Omit<Screen, 'path'> {
  /** Of {@link lookedAt}, whose id it is given. */
  readonly path: (id: string) => string
}

const views: readonly View[] = [
  {
    name: 'segment-members',
    path: (id) => `/segments/${id}?tab=members`,
    async ready(page) {
      await page.getByText('1 by hand').click()
      await page.getByText('Friend of the house').waitFor()
      await page.getByRole('row').nth(1).waitFor()
    },
  },
  {
    name: 'segment-pin',
    path: (id) => `/segments/${id}?tab=members`,
    async ready(page) {
      await button(page, 'Add by hand').click()
      await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).waitFor()
    },
  },
  {
    name: 'segment-history',
    path: (id) => `/segments/${id}?tab=history`,
    async ready(page) {
      await button(page, 'Version 2').click()
      await page.getByText('Country is BR').waitFor()
      await page.getByRole('table').waitFor()
    },
  },
  {
    name: 'segment-uses',
    path: (id) => `/segments/${id}?tab=uses`,
    ready: (page) => page.getByRole('link', { name: 'On top' }).waitFor(),
  },
  {
    name: 'segment-why',
    path: (id) => `/segments/${id}`,
    async ready(page) {
      const person = page.getByRole('combobox', { name: 'Customer', exact: true })
      await person.click()
      await person.pressSequentially('person-6@')
      await page.getByRole('option', { name: /person-6@/ }).click()
      await page.locator('.why').waitFor()
    },
  },
  { name: 'segments', path: () => '/segments', ready: (page) => page.getByRole('table').waitFor() },
]

test.for(views)('$name is usable by everybody', { timeout: 90_000 }, async ({ path, ...view }, { skip }) => {
  if (!world) return skip('no Chromium starts here')
  expect(await inspect(world, { ...view, path: path(await lookedAt(world)) })).toEqual([])
})

const screens: readonly Omit<Screen, 'path'>[] = [
  { name: 'segment-rules', ready: (page) => page.getByText('Nobody has sent the event').first().waitFor() },
  {
    name: 'segment-add-rule',
    async ready(page) {
      await button(page, 'Add rule').first().click()
      await page.getByRole('dialog').getByRole('option').first().waitFor()
    },
  },
]

test.for(screens)('$name is usable by everybody', { timeout: 90_000 }, async (screen, { skip }) => {
  if (!world) return skip('no Chromium starts here')
  const { api } = world.shop.as()
  const { items } = await api.segments.list({ query: { name: 'Of all kinds' } })
  const { id } = items[0] ?? (await api.segments.create({ body: { name: 'Of all kinds', condition: KINDS } }))
  expect(await inspect(world, { ...screen, path: `/segments/${id}` })).toEqual([])
})
