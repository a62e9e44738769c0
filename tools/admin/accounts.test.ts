import { createHmac } from 'node:crypto'
import { admin } from '@clientele/admin'
import { BrandSettings, saveSettings, TenantSettings } from '@clientele/core'
import { auth, Setups, type AuthOptions } from '@clientele/plugin-auth'
import { createTestClientele, mailbox } from '@clientele/testing'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../client/chromium.fixture.ts'

const ANA = { email: 'ana@example.com', password: 'correct horse battery' } as const

let browser: Browser | null
beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)
afterAll(() => browser?.close())

test('whoever comes first is led to the setup, and with its token becomes the operator', async ({ skip }) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page, complaints } = await open({ set: false })
  const { ctx } = shop.as()
  await page.goto(`${await shop.url()}/admin/`)
  await page.getByRole('heading', { name: 'Set up this installation' }).waitFor()
  await page.getByLabel('Setup token', { exact: true }).fill('wrong')
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByText('This is not the token that the server printed.').waitFor()
  await page.goto(`${await shop.url()}/admin/set-up#token=${encodeURIComponent(ctx.get(Setups).token(ctx))}`)
  await page.reload()
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  await page.goto(`${await shop.url()}/admin/set-up`)
  await page.getByRole('heading', { name: 'Everything is set up' }).waitFor()
  expect(complaints).toEqual([])
})

test('somebody signs up, pastes the code of the mail, and is told that they have no role yet', async ({
  skip,
}) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page, mails } = await open({ options: { registration: 'open' } })
  await page.clock.install()
  await page.goto(`${await shop.url()}/admin/sign-in?next=%2Fteam`)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Eva')
  await page.getByLabel('E-mail').fill('eva@example.com')
  await page.getByLabel('Password', { exact: true }).fill('password')
  await page.keyboard.press('Enter')
  await page.getByText('Many people use this password.').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')

  const code = page.getByLabel('Code')
  await code.fill('000 00x')
  expect(await code.inputValue()).toBe('00000')
  await code.fill('000000')
  await page.keyboard.press('Enter')
  await page.getByText('This code is wrong').waitFor()
  const resend = page.getByRole('button', { name: /another code/i })
  expect(await resend.isDisabled()).toBe(true)
  await page.clock.runFor(61_000)
  await resend.click()
  await page.getByText('Another code is on its way.').waitFor()
  await shop.drain()
  const digits = codeIn(mails.last('eva@example.com').text)
  expect(await code.getAttribute('autocomplete')).toBe('one-time-code')
  await code.fill(`${digits.slice(0, 3)} ${digits.slice(3)}`)
  await page.keyboard.press('Enter')
  await page.getByText('You are signed in as eva@example.com').waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/no-role')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').waitFor()
})

test('a wrong password is told, the code of the app is asked for, and one arrives where one wanted to go', async ({
  skip,
}) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page } = await open()
  const secret = await addApp(shop)
  await page.goto(`${await shop.url()}/admin/users?sort=-email`)
  await page.getByLabel('E-mail').fill(ANA.email)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('not it at all')
  await page.keyboard.press('Enter')
  await page.getByText('The address or the password is wrong.').waitFor()
  expect(await password.inputValue()).toBe('not it at all')
  await page.getByRole('button', { name: 'Show password' }).click()
  expect(await password.getAttribute('type')).toBe('text')
  await password.fill(ANA.password)
  await password.press('Enter')
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').waitFor()
  await page.getByRole('button', { name: 'Use the authenticator app' }).click()
  const otp = page.getByLabel('Code of your authenticator app')
  expect(await otp.evaluate((one) => one === document.activeElement)).toBe(true)
  await otp.fill(totp(secret, shop.clock.now()))
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/admin/users?sort=-email')
})

test('who tries too often is told how long to wait', async ({ skip }) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page } = await open()
  const tries = []
  for (let n = 0; n < 12; n++) {
    const body = { ...ANA, password: 'not it at all' }
    tries.push((await shop.fetch('/api/auth/token', { method: 'POST', as: null, body })).status)
  }
  expect(tries).toContain(429)
  await page.goto(`${await shop.url()}/admin/sign-in`)
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill(ANA.password)
  await page.keyboard.press('Enter')
  await page.getByText(/Too many tries\. Wait \d+ minutes/).waitFor()
})

test('a forgotten password is set anew by the code of the mail', async ({ skip }) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page, mails } = await open()
  await page.goto(`${await shop.url()}/admin/sign-in`)
  await page.getByRole('link', { name: 'Forgotten password' }).click()
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.keyboard.press('Enter')
  await page.getByText(`If ${ANA.email} has an account`).waitFor()
  await shop.drain()
  await page.getByLabel('Code').fill(codeIn(mails.last(ANA.email).text))
  await page.getByLabel('New password', { exact: true }).fill('staple battery horse')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your password is set' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill(ANA.email)
  await page.getByLabel('Password', { exact: true }).fill('staple battery horse')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
})

test('the link of an invitation leads to an account, in the colours of the shop; once it is used it says so', async ({
  skip,
}) => {
  if (!browser) return skip('no Chromium starts here')
  const { shop, page, mails } = await open({ context: { locale: 'pt-BR' } })
  await shop.as().tx(async (t) => {
    await saveSettings(t, TenantSettings, { name: 'Mercado' })
    await saveSettings(t, BrandSettings, { color: '#116633' })
  })
  await shop.as().api.auth.createInvitation({ body: { email: 'ben@example.com', role: 'viewer' } })
  await shop.drain()
  const path = /\/admin\/invitation#token=\S+/.exec(mails.last('ben@example.com').text)![0]
  await page.goto((await shop.url()) + path)
  await page.getByText('Mercado').waitFor()
  const button = page.getByRole('button', { name: 'Aceitar' })
  expect(await button.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(17, 102, 51)')
  await page.getByLabel('Senha', { exact: true }).fill(ANA.password)
  await button.click()
  await page.getByRole('heading', { name: 'Boas-vindas' }).waitFor()
  await page.goto('about:blank')
  await page.goto((await shop.url()) + path)
  await page.getByLabel('Já tenho uma conta').check()
  await page.getByRole('button', { name: 'Aceitar' }).click()
  await page.getByText('Este convite já foi aceito.').waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('pt')
})

test('an installation without auth() says so', async ({ skip }) => {
  if (!browser) return skip('no Chromium starts here')
  const shop = await createTestClientele({ plugins: [admin()] })
  const page = await newPage({})
  await page.goto(`${await shop.url()}/admin`)
  await page.getByRole('heading', { name: 'No accounts here' }).waitFor()
})

/** An installation with an operator, and a window on it. */
async function open({
  options = {},
  set = true,
  context = {},
}: {
  readonly options?: AuthOptions
  readonly set?: boolean
  readonly context?: BrowserContextOptions
} = {}) {
  const mails = mailbox()
  const shop = await createTestClientele({
    plugins: [auth(options), admin()],
    mail: { transport: mails },
  })
  const { ctx } = shop.as()
  if (set) await ctx.get(Setups).run(ctx, { token: ctx.get(Setups).token(ctx), ...ANA })
  const page = await newPage(context)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  return { shop, mails, page, complaints }
}

async function newPage(options: BrowserContextOptions): Promise<Page> {
  const context = await browser!.newContext({ locale: 'en-US', ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(25_000)
  return page
}

function codeIn(text: string): string {
  return /^\d{6}$/m.exec(text)![0]
}

type Shop = Awaited<ReturnType<typeof open>>['shop']

/** Ana adds an authenticator app. */
async function addApp(shop: Shop): Promise<string> {
  const { accessToken } = (await shop.fetch('/api/auth/token', { method: 'POST', as: null, body: ANA })).json
  const mine = { method: 'POST', as: null, headers: { authorization: `Bearer ${accessToken}` } } as const
  const { secret } = (await shop.fetch('/api/auth/me/totp', { ...mine, body: { password: ANA.password } }))
    .json as { secret: string }
  await shop.fetch('/api/auth/me/totp/confirm', { ...mine, body: { otp: totp(secret, shop.clock.now()) } })
  // A code works once.
  shop.clock.advance('60s')
  return secret
}

/** RFC 6238, as an app does it. */
function totp(secret: string, now: number): string {
  const bits = secret
    .split('')
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
  const key = Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  )
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = hash.at(-1)! & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
