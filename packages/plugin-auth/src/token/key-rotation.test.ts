import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, mailbox, temporaryFolder, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { PASSWORD } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import { Passwords } from '../password/password.service.ts'
import { Users } from '../user/users.service.ts'

const email = 'ana@example.com'
const key = (id: string, byte: number): string => `${id}:${Buffer.alloc(32, byte).toString('base64')}`

type Node = TestClientele<readonly [ReturnType<typeof auth>]>

async function post(node: Node, path: string, body: object): ReturnType<Node['fetch']> {
  return node.fetch(`/api/auth/${path}`, { method: 'POST', as: null, body })
}

test('a ring that gets a new first key signs nobody out, and kills no code; without the old key it does', async () => {
  const path = join(await temporaryFolder(), 'shop.db')
  const mails = mailbox()
  const node = (keys: string): Promise<Node> =>
    createTestClientele({ storage: sqlite(path), plugins: [auth()], keys, mail: { transport: mails } })
  const meOf = async (of: Node, token: string): Promise<number> =>
    (await of.fetch('/api/auth/me', { as: null, headers: { authorization: `Bearer ${token}` } })).status

  const before = await node(key('k1', 1))
  const { ctx, tx } = before.as()
  const passwordHash = await ctx.get(Passwords).hash(ctx, PASSWORD)
  await tx((t) => t.get(Users).prove(t, { email, passwordHash }))
  const old = (await post(before, 'token', { email, password: PASSWORD })).json
  const { requestId } = (await post(before, 'forgot-password', { email })).json
  await before.drain()
  const code = /^\d{6}$/m.exec(mails.last(email).text)![0]
  await before.cdp.stop({ graceMs: 0 })

  const rotated = await node(`${key('k2', 2)},${key('k1', 1)}`)
  expect(await meOf(rotated, old.accessToken)).toBe(200)
  const next = (await post(rotated, 'refresh', { refreshToken: old.refreshToken })).json
  expect(await meOf(rotated, next.accessToken)).toBe(200)
  const [oldKid, nextKid] = [old, next].map(
    ({ accessToken }) => JSON.parse(Buffer.from(accessToken.split('.')[0], 'base64url').toString()).kid,
  )
  expect(nextKid).not.toBe(oldKid)
  const reset = await post(rotated, 'reset-password', { requestId, code, password: 'another good one' })
  expect(reset.status).toBe(204)
  const last = (await post(rotated, 'token', { email, password: 'another good one' })).json
  await rotated.cdp.stop({ graceMs: 0 })

  const forgotten = await node(key('k3', 3))
  expect(await meOf(forgotten, last.accessToken)).toBe(401)
})
