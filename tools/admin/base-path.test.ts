import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { admin } from '@clientele/admin'
import { auth, Setups } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { segments } from '@clientele/plugin-segments'
import { createTestClientele } from '@clientele/testing'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../client/chromium.fixture.ts'

const ANA = { email: 'ana@example.com', password: 'correct horse battery' } as const

test('below any path people sign in, walk about, load panels and leave', async (context) => {
  const browser = await openBrowser(context)
  const shop = await createTestClientele({ plugins: [auth(), customers(), segments(), admin()] })
  const { ctx } = shop.as()
  await ctx.get(Setups).run(ctx, { token: ctx.get(Setups).token(ctx), ...ANA })
  const url = `${await listen(express().use('/shop/cdp', shop.cdp.router()))}/shop/cdp/admin`
  const page = await browser.newPage({ locale: 'en-US' })
  page.setDefaultTimeout(25_000)
  const lost: string[] = []
  page.on('response', (response) => {
    if (response.status() === 404) lost.push(response.url())
  })

  await page.goto(`${url}/customers?q=silva`)
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
  expect(page.url()).toBe(`${url}/customers?q=silva`)
  await page.getByRole('link', { name: 'Segments', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Segments', level: 1 }).waitFor()
  expect(page.url()).toBe(`${url}/segments`)
  await page.goBack()
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').waitFor()
  expect(new URL(page.url()).pathname).toBe('/shop/cdp/admin/sign-in')
  expect(lost).toEqual([])
})

async function listen(app: express.Express): Promise<string> {
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()))
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
