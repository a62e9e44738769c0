import { admin } from '@clientele/admin'
import { auth, Setups } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { createTestClientele } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../client/chromium.fixture.ts'

const ANA = { email: 'ana@example.com', password: 'correct horse battery' } as const

test('the tray tells that work began, ends it when asked, and hears of its end without a reload', async (context) => {
  const browser = await openBrowser(context)
  // Jobs run when the test says so.
  const shop = await createTestClientele({ plugins: [auth(), customers(), admin()] })
  const { ctx, api } = shop.as()
  await ctx.get(Setups).run(ctx, { token: ctx.get(Setups).token(ctx), ...ANA })
  await api.customers.create({ body: { email: 'eva@example.com' } })
  for (const name of ['long.csv', 'short.csv']) await api.customers.startExport({ body: { name } })
  const window = await browser.newContext({ locale: 'en-US' })
  onTestFinished(() => window.close())
  const page = await window.newPage()
  page.setDefaultTimeout(25_000)
  await page.goto(`${await shop.url()}/admin/sign-in`)
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Jobs 2 running' }).click()
  const tray = page.getByRole('dialog', { name: 'Jobs' })
  const entry = (name: string) => tray.getByRole('listitem').filter({ hasText: name })
  await entry('long.csv').getByRole('button', { name: 'Cancel' }).click()
  await entry('long.csv').getByText('cancelled').waitFor()
  await shop.drain()
  await entry('short.csv').getByRole('link', { name: 'Download' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Jobs', exact: true }).waitFor()
  expect(await tray.count()).toBe(0)
})
