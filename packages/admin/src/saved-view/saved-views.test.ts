import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { admin } from '../admin.plugin.ts'

const PATH = '/api/v1/admin/saved-views'
const VIEW = { panel: 'customers', name: 'Active', query: 'status=active&sort=-createdAt' }

eachStorage((storage) => {
  test('a view is its owner’s until it is shared, and then nobody else changes it but who may', async () => {
    const shop = await createTestClientele({ storage, plugins: [admin()] })
    const ana = { id: 'ana', permissions: ['views:read', 'views:write'] }
    const ben = { id: 'ben', permissions: ['views:read', 'views:write'] }
    const boss = { id: 'boss', permissions: ['views:*'] }
    const post = await shop.fetch(PATH, { method: 'POST', as: ana, body: VIEW })
    expect(post.status).toBe(201)
    const at = post.headers.get('location')!
    expect(post.json).toMatchObject({ ...VIEW, columns: null, isShared: false, ownerId: 'ana' })
    const seen = async (as: typeof ana): Promise<readonly string[]> =>
      (await shop.fetch(`${PATH}?panel=customers`, { as })).json.items.map(
        ({ name }: { name: string }) => name,
      )
    expect(await seen(ana)).toEqual(['Active'])
    expect(await seen(ben)).toEqual([])
    for (const as of [ben, boss]) {
      expect((await shop.fetch(at, { as })).status).toBe(404)
      expect((await shop.fetch(at, { method: 'DELETE', as })).status).toBe(404)
    }

    const change = (as: typeof ana, body: object) => shop.fetch(at, { method: 'PATCH', as, body })
    expect((await change(ana, { isShared: true, columns: ['email'] })).json.columns).toEqual(['email'])
    expect(await seen(ben)).toEqual(['Active'])
    expect((await change(ben, { name: 'Mine' })).json.code).toBe('admin.view_of_another')
    expect((await change(boss, { name: 'All' })).status).toBe(200)
    expect((await shop.fetch(at, { method: 'DELETE', as: ben })).status).toBe(403)
    expect((await shop.fetch(at, { method: 'DELETE', as: boss })).status).toBe(204)
    expect(await seen(ana)).toEqual([])
  })

  test('nobody saves a view in another name, or without one', async () => {
    const shop = await createTestClientele({ storage, plugins: [admin()] })
    const post = (body: object) => shop.fetch(PATH, { method: 'POST', body: { ...VIEW, ...body } })
    for (const wrong of [
      { ownerId: 'ben' },
      { name: ' ' },
      { query: 'x'.repeat(4001) },
      { columns: 'email' },
    ])
      expect((await post(wrong)).status).toBe(400)
  })
})
