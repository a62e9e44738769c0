import { hash } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'
import { User } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { isCommonPassword } from './common-passwords.ts'
import { turnstile } from './turnstile.ts'

const email = 'ana@example.com'

test('passwords that many people use are refused, also with capitals or a year behind', async () => {
  const { call } = await accounts()
  for (const password of ['password', '12345678', 'PASSWORD', 'football2024!', 'iloveyou1'])
    expect((await call('POST', 'register', { email, password })).json.code, password).toBe(
      'auth.weak_password',
    )
  expect((await call('POST', 'register', { email, password: 'seven77' })).status).toBe(400)
  expect((await call('POST', 'register', { email: 'anasouza@x.org', password: 'AnaSouza1' })).status).toBe(
    422,
  )
  expect(isCommonPassword(PASSWORD)).toBe(false)
})

test('long and foreign passwords work whole, however they are composed', async () => {
  const { signUp, signIn } = await accounts()
  const long = `${'ü'.repeat(255)}x`
  await signUp(email, long)
  expect((await signIn(email, long.normalize('NFD').slice(0, 256))).status).toBe(401)
  expect((await signIn(email, `${'ü'.repeat(255)}y`)).status).toBe(401)
  expect((await signIn(email, long)).status).toBe(200)
  await signUp('bo@example.com', 'crème brûlée'.normalize('NFC'))
  expect((await signIn('bo@example.com', 'crème brûlée'.normalize('NFD'))).status).toBe(200)
})

test('a hash of an old cost is replaced when its owner signs in', async () => {
  const { t, signUp, signIn } = await accounts()
  await signUp(email)
  const { ctx, tx } = t.as()
  const { id } = (await ctx.get(Users).findByEmail(ctx, email))!
  const weak = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1 })
  await tx((work) => work.repo(User).patch(id, { passwordHash: weak }))
  expect((await signIn(email)).status).toBe(200)
  expect(await ctx.repo(User).reveal(id, 'passwordHash')).toContain('m=19456,t=2,p=1')
  expect((await signIn(email)).status).toBe(200)
})

test('at most so many run at once, all in order, and one that fails frees its place', async () => {
  const through = turnstile(4)
  let running = 0
  let most = 0
  const done: number[] = []
  const work = (n: number) => async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    done.push(n)
    if (n % 5 === 0) throw new Error('no')
  }
  await Promise.allSettled(Array.from({ length: 50 }, (_, n) => through(work(n))))
  expect(most).toBe(4)
  expect(done).toEqual(Array.from({ length: 50 }, (_, n) => n))
})
