import { expect, test } from 'vitest'
import { accounts, PASSWORD, type Accounts } from '../accounts.fixture.ts'

const email = 'ana@example.com'
const baseUrl = 'https://shop.example'
const own = { 'sec-fetch-site': 'same-origin' }

/** Somebody signed in by a cookie, and how their browser asks. */
async function browser({ t, signUp }: Accounts, headers: Record<string, string> = own) {
  await signUp(email)
  const body = { email, password: PASSWORD, as: 'cookie' }
  const signedIn = await t.fetch('/api/auth/token', { method: 'POST', as: null, body, headers })
  const set = signedIn.headers.get('set-cookie') ?? ''
  const cookie = set.split(';', 1)[0]!
  const ask = async (method: string, more: Record<string, string> = {}, path = 'me') => {
    const patch = method === 'PATCH' ? { body: { name: 'Ana' } } : {}
    return t.fetch(`/api/auth/${path}`, { method, as: null, ...patch, headers: { cookie, ...more } })
  }
  return { signedIn, set, cookie, ask }
}

test('the cookie is out of reach for scripts, other sites and other hosts, and the answer holds no token', async () => {
  const { signedIn, set, ask } = await browser(await accounts('sqlite', { baseUrl }))
  expect(set).toMatch(
    /^__Host-clientele=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000$/,
  )
  expect(signedIn.json).toEqual({ expiresIn: 2_592_000 })
  expect((await ask('GET')).json.email).toBe(email)
})

test('on http the cookie does without what browsers allow on https only', async () => {
  const { set } = await browser(await accounts())
  expect(set).toMatch(/^clientele=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/)
})

test('where the host is reached is said once: as its mails say it, unless accounts are elsewhere', async () => {
  const byMail = await browser(await accounts('sqlite', { mailUrl: 'https://shop.example/app' }))
  expect(byMail.set).toContain('__Host-clientele=')
  expect((await byMail.ask('PATCH', { origin: baseUrl })).status).toBe(200)
  const elsewhere = await browser(
    await accounts('sqlite', { mailUrl: baseUrl, baseUrl: 'http://127.0.0.1:3000' }),
  )
  expect(elsewhere.set).toMatch(/^clientele=/)
  expect((await elsewhere.ask('PATCH', { origin: baseUrl })).status).toBe(403)
})

test('a change by cookie is taken from own pages only', async () => {
  const { ask } = await browser(await accounts('sqlite', { baseUrl, origins: ['https://admin.example'] }))
  const statusOf = async (headers: Record<string, string>) => (await ask('PATCH', headers)).status
  expect(await statusOf(own)).toBe(200)
  expect(await statusOf({ origin: baseUrl })).toBe(200)
  expect(await statusOf({ origin: 'https://admin.example', 'sec-fetch-site': 'cross-site' })).toBe(200)
  expect(await statusOf({})).toBe(403)
  expect(await statusOf({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await statusOf({ 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await statusOf({ origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf({ origin: 'https://shop.example.evil.example' })).toBe(403)
  expect(await statusOf({ origin: 'null' })).toBe(403)
  expect(await statusOf({ origin: 'https://evil.example', host: 'evil.example' })).toBe(403)
})

test('nobody is signed in by a form of another site', async () => {
  const { signedIn, cookie } = await browser(await accounts(), { 'sec-fetch-site': 'cross-site' })
  expect(signedIn.status).toBe(403)
  expect(cookie).toBe('')
})

test('signing out ends the session and removes the cookie', async () => {
  const { ask } = await browser(await accounts())
  const out = await ask('POST', own, 'logout')
  expect(out.status).toBe(204)
  expect(out.headers.get('set-cookie')).toContain('clientele=; Path=/')
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
  expect((await ask('GET')).status).toBe(401)
})

test('a changed cookie, or two of them, is nobody’s', async () => {
  const { t, cookie } = await (async () => {
    const made = await accounts()
    return { t: made.t, ...(await browser(made)) }
  })()
  const statusOf = async (value: string) =>
    (await t.fetch('/api/auth/me', { as: null, headers: { cookie: value } })).status
  expect(await statusOf(cookie)).toBe(200)
  expect(await statusOf(`theme=dark; ${cookie}`)).toBe(200)
  expect(await statusOf(`${cookie}x`)).toBe(401)
  expect(await statusOf(cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).toBe(401)
  expect(await statusOf(`${cookie}; ${cookie.replace(/=./, '=0')}`)).toBe(401)
})
