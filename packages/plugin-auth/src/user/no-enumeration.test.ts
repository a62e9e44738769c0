import { eachStorage, type TestResponse } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD, type Accounts } from '../accounts.fixture.ts'

const known = 'ana@example.com'
const unknown = 'nobody@example.com'

/** What a stranger sees, without what is different each time. */
function seen({ status, headers, json }: TestResponse): unknown {
  const names = [...headers.keys()].filter((name) => name !== 'date').toSorted()
  const body = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, /id$|^instance$/i.test(key) ? typeof value : value]),
  )
  return { status, names, body, length: headers.get('content-length') }
}

/** How much work a call makes: passwords hashed, jobs added, rows of codes written. */
async function workOf({ t }: Accounts, call: () => Promise<unknown>): Promise<unknown> {
  const count = async () => {
    const { text } = await t.fetch('/metrics')
    const hashes = Number(/auth_password_hashes_total(?:\{[^}]*\})? (\d+)/.exec(text)?.[1] ?? 0)
    const { ctx } = t.as()
    const codes = (await ctx.db.selectFrom('codes').select('id').execute()).length
    const jobs = (await t.as().api.core.listJobs({ query: { limit: 200 } })).items.length
    return { hashes, codes, jobs }
  }
  const before = await count()
  await call()
  const after = await count()
  return {
    hashes: after.hashes - before.hashes,
    codes: after.codes - before.codes,
    jobs: after.jobs - before.jobs,
  }
}

eachStorage((storage) => {
  for (const [path, body, work] of [
    ['register', { password: 'another good one' }, { hashes: 1, codes: 1, jobs: 1 }],
    ['forgot-password', {}, { hashes: 0, codes: 1, jobs: 1 }],
    ['token', { password: 'not the password' }, { hashes: 1, codes: 0, jobs: 0 }],
  ] as const) {
    test(`${path} answers and works the same, whether there is an account or not`, async () => {
      const made = await accounts(storage)
      await made.signUp(known)
      const ask = (email: string) => made.call('POST', path, { email, ...body })
      expect(seen(await ask(known))).toEqual(seen(await ask(unknown)))
      await made.t.drain()
      expect(await workOf(made, () => ask(known))).toEqual(work)
      await made.t.drain()
      expect(await workOf(made, () => ask(unknown))).toEqual(work)
    })
  }

  test('what differs is said by mail, to the address itself', async () => {
    const { t, call, signUp, mails } = await accounts(storage)
    await signUp(known)
    mails.clear()
    await call('POST', 'register', { email: known, password: PASSWORD })
    await call('POST', 'forgot-password', { email: unknown })
    await t.drain()
    expect(mails.mails).toMatchObject([{ to: known, purpose: 'auth.registered' }])
  })

  test('a wrong code is told the same, whether anybody was sent one or not', async () => {
    const { call, signUp } = await accounts(storage)
    await signUp(known)
    const ask = async (email: string): Promise<unknown> => {
      const { requestId } = (await call('POST', 'forgot-password', { email })).json
      const answer = await call('POST', 'reset-password', {
        requestId,
        code: '000000',
        password: 'a good new one',
      })
      return seen(answer)
    }
    expect(await ask(known)).toEqual(await ask(unknown))
  })
})

test('codes are limited by address, whoever asks, and that tells nothing either', async () => {
  const { call, signUp } = await accounts()
  await signUp(known)
  for (const email of [known, unknown]) {
    const statuses = []
    for (let n = 0; n < 6; n++) statuses.push((await call('POST', 'forgot-password', { email })).status)
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
  }
})

test('a stranger who asks for codes and guesses them locks nobody out of where they are known', async () => {
  const { t, call, codeFor, signUp } = await accounts()
  await signUp(known)
  const { api } = t.as()
  const codeOf = (error: { readonly code: string }) => error.code
  const body = { email: known }
  const { requestId } = await api.auth.forgotPassword({ body })
  const guess = { requestId, code: '000000', password: PASSWORD }
  const guesses: unknown[] = []
  for (let n = 0; n < 31; n++) guesses.push(await api.auth.resetPassword({ body: guess }).catch(codeOf))
  expect(guesses).toContain('auth.wrong_code')
  expect(guesses.at(-1)).toBe('http.too_many_requests')
  for (let n = 0; n < 4; n++) await api.auth.forgotPassword({ body })
  expect(await api.auth.forgotPassword({ body }).catch(codeOf)).toBe('http.too_many_requests')

  const asked = (await call('POST', 'forgot-password', body)).json
  const answer = { requestId: asked.requestId, code: await codeFor(known), password: 'zebra pluto oven' }
  expect((await call('POST', 'reset-password', answer)).status).toBe(204)
})

test('guessing passwords is stopped, and the person still signs in from where they are known', async () => {
  const { t, call, signUp, signIn } = await accounts()
  await signUp(known)
  const { api } = t.as()
  const guess = () => api.auth.token({ body: { email: known, password: 'wrong again' } })
  const codes = []
  for (let n = 0; n < 11; n++) codes.push(await guess().catch((error: { code: string }) => error.code))
  expect(codes).toEqual([
    ...Array.from({ length: 10 }, () => 'auth.wrong_password'),
    'http.too_many_requests',
  ])
  expect((await signIn(known)).status).toBe(200)
  expect((await call('POST', 'token', { email: unknown, password: 'x' })).status).toBe(401)
})
