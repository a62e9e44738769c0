import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { openGallery, type GalleryWorld } from './gallery/gallery.fixture.ts'

let world: GalleryWorld | null
beforeAll(async () => {
  world = await openGallery()
}, 120_000)
afterAll(() => world?.close())

async function open({ skip }: TestContext, place: string) {
  if (!world) return skip('no Chromium starts here')
  return { ...(await world.open(place)), api: world.api }
}

const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click()

const field = (page: Page, name: string) => page.getByRole('dialog').getByLabel(name, { exact: true })

test('every kind of column is typed as people type it, and is what was meant', async (context) => {
  const { page, api, complaints } = await open(context, '/samples')
  const customer = await api.customers.create({ body: { email: 'ana@example.com', firstName: 'Ana' } })
  await page.getByRole('button', { name: 'Create' }).first().click()
  await field(page, 'Name').fill('One')
  await field(page, 'Email').fill('one@example.com')
  await field(page, 'Story').fill('Two\nlines')
  await field(page, 'Size').selectOption('Large')
  await field(page, 'Count').fill('1,234')
  await field(page, 'Share').fill('0.25')
  await field(page, 'Worth').fill('12.50')
  await field(page, 'Amount').fill('1,000')
  await field(page, 'Currency').fill('jpy')
  await field(page, 'Is on').check()
  await field(page, 'At').fill('2026-03-04T05:06')
  await field(page, 'Details').fill('{"a": [1]}')
  await field(page, 'Words').fill('red,')
  await field(page, 'Words').pressSequentially('blue')
  await page.keyboard.press('Enter')
  await field(page, 'Customer').fill('ana')
  await page.getByRole('option', { name: 'ana@example.com' }).waitFor()
  await page.keyboard.press('Enter')
  await save(page)
  await page.getByRole('link', { name: 'One' }).waitFor()
  const [row] = (await api.gallery.list()).items
  expect(row).toMatchObject({
    name: 'One',
    email: 'one@example.com',
    story: 'Two\nlines',
    size: 'large',
    count: 1234,
    share: 0.25,
    worth: 1250,
    price: { amount: 1000, currency: 'JPY' },
    isOn: true,
    at: '2026-03-04T05:06:00.000Z',
    details: { a: [1] },
    words: ['red', 'blue'],
    customerId: customer.id,
  })
  expect(complaints).toEqual([])
})

test('what is wrong stands at its field, from the server as well, and what was typed stays', async (context) => {
  const { page } = await open(context, '/samples')
  await page.getByRole('button', { name: 'Create' }).first().click()
  await field(page, 'Details').fill('{"a": ')
  await page.getByText(/^This is no JSON/).waitFor()
  await field(page, 'Count').fill('many')
  await save(page)
  await page.getByText('This is no number').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
  await field(page, 'Details').fill('')
  await field(page, 'Count').fill('7')
  await field(page, 'Email').fill('nobody')
  await save(page)
  await page.getByText('Something is not right yet').waitFor()
  const wrong = page.locator('[aria-invalid]')
  expect(await wrong.count()).toBe(2)
  expect(await field(page, 'Count').inputValue()).toBe('7')
})

test('a form that was left is offered again as it was typed, until it is begun anew', async (context) => {
  const { page } = await open(context, '/samples')
  await page.getByRole('button', { name: 'Create' }).first().click()
  await field(page, 'Name').fill('Half')
  await page.reload()
  await page.getByText('What you typed before is still here.').waitFor()
  expect(await field(page, 'Name').inputValue()).toBe('Half')
  await page.getByRole('button', { name: 'Begin anew' }).click()
  expect(await field(page, 'Name').inputValue()).toBe('')
})

test('when somebody else was quicker it shows what they changed and keeps what was typed', async (context) => {
  const { page, api } = await open(context, '/samples')
  const { id } = await api.gallery.create({ body: { name: 'Before', count: 1 } })
  await page.goto(`${page.url()}?open=${id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await field(page, 'Name').fill('Mine')
  await field(page, 'Story').fill('My story')
  await api.gallery.update({ params: { id }, body: { name: 'Theirs', count: 2 } })
  await save(page)
  const conflict = page.getByRole('alert')
  await conflict.getByRole('heading', { name: 'Somebody changed it meanwhile' }).waitFor()
  expect(await conflict.locator('dl').allInnerTexts()).toEqual([
    expect.stringContaining('Theirs'),
    expect.stringContaining('2'),
  ])
  await conflict.getByRole('button', { name: 'Take theirs' }).click()
  await save(page)
  await expect
    .poll(() => api.gallery.get({ params: { id } }))
    .toMatchObject({ name: 'Theirs', count: 2, story: 'My story' })
})

test('a session that ends and a network that is down lose nothing: saving again is enough', async (context) => {
  const { page, api } = await open(context, '/samples')
  await page.getByRole('button', { name: 'Create' }).first().click()
  await field(page, 'Name').fill('Through')
  let answers = 0
  await page.route('**/api/v1/samples', (asked) => {
    if (asked.request().method() !== 'POST') return asked.continue()
    answers++
    if (answers === 1) return asked.abort()
    const problem = { status: 401, code: 'auth.unauthenticated', detail: 'Nobody is signed in' }
    return answers === 2 ? asked.fulfill({ status: 401, json: problem }) : asked.continue()
  })
  await save(page)
  await page.getByRole('dialog').getByText('The server cannot be reached').waitFor()
  await save(page)
  await page.getByRole('dialog').getByText('Nobody is signed in').waitFor()
  // The frame offers to sign in again, above the form.
  const signIn = page.getByRole('dialog', { name: 'Sign in' })
  await signIn.waitFor()
  await page.keyboard.press('Escape')
  await signIn.waitFor({ state: 'detached' })
  expect(await field(page, 'Name').inputValue()).toBe('Through')
  await save(page)
  await page.getByRole('link', { name: 'Through' }).waitFor()
  expect((await api.gallery.list({ query: { name: 'Through' } })).items).toHaveLength(1)
})
