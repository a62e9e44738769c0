import { admin } from '@clientele/admin'
import { definePlugin, route, type AdminContribution } from '@clientele/core'
import { auth, Passwords, Setups, TenantMembers, Users } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { createTestClientele } from '@clientele/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { launchChromium } from '../client/chromium.fixture.ts'

const ANA = { email: 'ana@example.com', password: 'correct horse battery' } as const

const shown: AdminContribution = {
  stats: [
    {
      id: 'revenue',
      title: 'till.revenue',
      source: '/api/v1/till',
      value: 'revenue.amount',
      format: 'money',
      permission: 'till:read',
      to: '/customers',
    },
    { id: 'secret', title: 'till.secret', source: '/api/v1/till', value: 'x', permission: 'till:secret' },
  ],
  steps: [
    {
      id: 'first',
      title: 'till.first_customer',
      source: '/api/v1/customers?limit=1',
      value: 'items',
      to: '/customers?create=1',
      permission: 'customers:read',
    },
    {
      id: 'open',
      title: 'till.open',
      text: 'till.open.text',
      source: '/api/v1/till',
      value: 'isOpen',
      to: '/customers',
      permission: 'till:read',
    },
  ],
  commands: [
    { id: 'vip', title: 'till.vip', to: '/customers?q=vip', permission: 'till:read' },
    { id: 'no', title: 'till.no', to: '/no', permission: 'till:secret' },
  ],
  words: {
    en: {
      'till.revenue': 'Revenue today',
      'till.first_customer': 'Add a customer',
      'till.open': 'Open the till',
      'till.open.text': 'Press the green key.',
      'till.vip': 'Show those who matter',
    },
  },
}

const till = definePlugin({
  id: 'till',
  version: '1.0.0',
  requires: { core: '*' },
  permissions: {
    'till:read': { label: 'Look into the till', roles: ['viewer'] },
    'till:secret': { label: 'Open the safe' },
  },
  routes: {
    read: route.get({
      path: '/api/v1/till',
      permission: 'till:read',
      summary: 'What is in the till',
      response: z.object({ revenue: z.object({ amount: z.int() }), isOpen: z.boolean() }),
      handler: () => ({ revenue: { amount: 1_234_50 }, isOpen: true }),
    }),
  },
  admin: shown,
})

let browser: Browser | null
beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)
afterAll(() => browser?.close())

test('figures, first steps and commands of a plugin are there without any code of its own', async ({
  skip,
}) => {
  if (!browser) return skip('no Chromium starts here')
  const shop = await open('single')
  await member(shop, 'default')
  const page = await signIn(shop, '/')
  await page.getByText('€1,234.50').waitFor()
  const steps = page.getByRole('region', { name: 'Set up' })
  await steps.getByText('1 of 2 done').waitFor()
  expect(await steps.getByRole('link').allTextContents()).toEqual(['Add a customer'])
  expect(await page.getByText('till.secret').count()).toBe(0)

  await shop.as().api.customers.create({ body: { email: 'eva@example.com' } })
  await page.reload()
  await page.getByText('€1,234.50').waitFor()
  await steps.waitFor({ state: 'hidden' })

  await page.keyboard.press('Control+k')
  await page.keyboard.type('matter')
  await page.keyboard.press('Enter')
  await page.waitForURL(/customers\?q=vip/)
  await page.keyboard.press('Control+k')
  await page.getByRole('option').first().waitFor()
  expect(await page.getByText('till.no').count()).toBe(0)
})

test('whoever works in two shops goes from one to the other, and calls go where they are', async ({
  skip,
}) => {
  if (!browser) return skip('no Chromium starts here')
  const shop = await open('multi')
  for (const tenantId of ['acme', 'other']) {
    await shop.fetch('/api/v1/operator/tenants', {
      method: 'POST',
      as: { tenants: ['*'] },
      body: { tenantId },
    })
    await member(shop, tenantId)
    await shop.as({ tenantId }).api.customers.create({ body: { email: `eva@${tenantId}.example` } })
  }
  const page = await signIn(shop, '/customers')
  await page.getByText('eva@acme.example').first().waitFor()
  await page.getByRole('button', { name: /go to another shop$/ }).click()
  await page.getByRole('menuitemradio', { name: 'other' }).click()
  await page.getByText('€1,234.50').waitFor()
  await page.getByRole('link', { name: 'Customers', exact: true }).first().click()
  await page.getByText('eva@other.example').first().waitFor()
  expect(await page.getByText('eva@acme.example').count()).toBe(0)
  await page.reload()
  await page.getByText('eva@other.example').first().waitFor()
})

test('an operator without a shop of their own chooses where to work', async ({ skip }) => {
  if (!browser) return skip('no Chromium starts here')
  const shop = await open('multi')
  const { ctx } = shop.as({ tenantId: 'acme' })
  await ctx.get(Setups).run(ctx, { token: ctx.get(Setups).token(ctx), ...ANA })
  await shop.fetch('/api/v1/operator/tenants', {
    method: 'POST',
    as: { tenants: ['*'] },
    body: { tenantId: 'other' },
  })
  const page = await signIn(shop, '/', 'Where do you want to work?')
  await page.getByRole('button', { name: 'other' }).click()
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
})

type Shop = Awaited<ReturnType<typeof open>>

async function open(mode: 'single' | 'multi') {
  return createTestClientele({
    plugins: [auth(), customers(), till(), admin()],
    tenancy: { mode },
  })
}

/** Ana gets a role there. */
async function member(shop: Shop, tenantId: string): Promise<void> {
  const { ctx, tx } = shop.as({ tenantId })
  const token = ctx.get(Setups).token(ctx)
  if (!(await ctx.get(Setups).isDone(ctx)))
    await ctx.get(Setups).run(ctx, { token, email: 'boss@example.com', password: ANA.password })
  const passwordHash = await ctx.get(Passwords).hash(ctx, ANA.password)
  await tx(async (t) => {
    const user = await t.get(Users).prove(t, { email: ANA.email, passwordHash })
    await t.get(TenantMembers).add(t, user.id, 'viewer')
  })
}

async function signIn(shop: Shop, path: string, heading?: string): Promise<Page> {
  const context = await browser!.newContext({ locale: 'en-US' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(25_000)
  await page.goto(`${await shop.url()}/admin${path}`)
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, ...(heading ? { name: heading } : {}) }).waitFor()
  return page
}
