import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { customers, Suppressions } from '@clientele/plugin-customers'
import { createTestClientele, temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'

const key = (id: string, byte: number): string => `${id}:${Buffer.alloc(32, byte).toString('base64')}`

test('suppressions survive a new first key, and what is added again moves on to it', async () => {
  const file = join(await temporaryFolder(), 'shop.db')
  const withKeys = async (keys: string) =>
    (await createTestClientele({ storage: sqlite(file), plugins: [customers()], keys })).as()
  const email = 'ana@example.com'
  const cause = { scope: 'marketing', reason: 'manual' } as const

  const before = await withKeys(key('old', 1))
  await before.tx((t) => t.get(Suppressions).add(t, { email }, cause))
  const during = await withKeys(`${key('new', 2)},${key('old', 1)}`)
  const isSuppressed = (shop: typeof before) =>
    shop.ctx.get(Suppressions).isSuppressed(shop.ctx, { email, scope: 'marketing' })
  expect(await isSuppressed(during)).toBe(true)
  await during.tx((t) => t.get(Suppressions).add(t, { email }, cause))
  expect((await during.api.customers.listSuppressions()).items).toHaveLength(1)

  expect(await isSuppressed(await withKeys(key('new', 2)))).toBe(true)
})
