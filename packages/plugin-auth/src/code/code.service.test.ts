import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'
import { Codes } from './code.service.ts'

const email = 'ana@example.com'
const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

eachStorage((storage) => {
  test('of 200 who send the right code at once one gets in, and there is one session', async () => {
    const { t, call, codeFor } = await accounts(storage)
    const { requestId } = (await call('POST', 'register', { email, password: PASSWORD })).json
    const code = await codeFor(email)
    const { api, ctx } = t.as()
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, () => api.auth.verify({ body: { requestId, code } })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await ctx.db.selectFrom('sessions').select('id').execute()).toHaveLength(1)
    expect(await ctx.db.selectFrom('users').select('id').execute()).toHaveLength(1)
  })

  test('of 200 uses of one code at once one runs, limits or not', async () => {
    const { t } = await accounts(storage)
    const { ctx, tx } = t.as()
    const wanted = { purpose: 'reset', email, userId: null } as const
    const opened = await tx((work) => work.get(Codes).open(work, wanted, { real: true }))
    const attempt = { ...opened, purpose: 'reset' } as const
    const uses = await many(200, () => ctx.get(Codes).take(ctx, attempt, async () => true))
    expect(uses.filter(Boolean)).toHaveLength(1)
  })

  test('200 wrong codes at once count five tries, and then the right one is wrong too', async () => {
    const { t } = await accounts(storage)
    const { ctx, tx } = t.as()
    const wanted = { purpose: 'reset', email, userId: null } as const
    const opened = await tx((work) => work.get(Codes).open(work, wanted, { real: true }))
    const wrong = opened.code === '000000' ? '000001' : '000000'
    const take = (code: string) =>
      ctx.get(Codes).take(ctx, { ...opened, code, purpose: 'reset' }, async () => true)
    expect(await many(200, () => take(wrong))).toEqual(Array.from({ length: 200 }, () => null))
    const [row] = await ctx.db.selectFrom('codes').select('triesLeft').execute()
    expect(row?.triesLeft).toBe(0)
    expect(await take(opened.code)).toBeNull()
  })

  test('a code is good for five minutes, for its request, its purpose and its user only', async () => {
    const { t } = await accounts(storage)
    const { ctx, tx } = t.as()
    const open = () =>
      tx((work) => work.get(Codes).open(work, { purpose: 'reset', email, userId: null }, { real: true }))
    const other = await tx((work) =>
      work.get(Codes).open(work, { purpose: 'reset', email: 'bo@example.com', userId: null }, { real: true }),
    )
    const opened = await open()
    const take = (change: object) =>
      ctx.get(Codes).take(ctx, { ...opened, purpose: 'reset', ...change }, async () => true)
    expect(await take({ purpose: 'register' })).toBeNull()
    expect(await take({ userId: t.as().ctx.newId() })).toBeNull()
    expect(await take({ requestId: other.requestId })).toBeNull()
    t.clock.advance('5m')
    expect(await take({})).toBeNull()
    const next = await open()
    t.clock.advance('299s')
    expect(await take(next)).toBe(true)
  })

  test('a new code kills the old one, however many are asked for at once', async () => {
    const { t } = await accounts(storage)
    const { ctx, tx } = t.as()
    const opened = await many(10, () =>
      tx((work) => work.get(Codes).open(work, { purpose: 'reset', email, userId: null }, { real: true })),
    )
    const used = []
    for (const one of opened)
      used.push(await ctx.get(Codes).take(ctx, { ...one, purpose: 'reset' }, async () => true))
    expect(used.filter(Boolean)).toHaveLength(1)
  })

  test('what nobody was sent is never right', async () => {
    const { t } = await accounts(storage)
    const { ctx, tx } = t.as()
    const opened = await tx((work) =>
      work.get(Codes).open(work, { purpose: 'reset', email, userId: null }, { real: false }),
    )
    expect(await ctx.get(Codes).take(ctx, { ...opened, purpose: 'reset' }, async () => true)).toBeNull()
  })
})
