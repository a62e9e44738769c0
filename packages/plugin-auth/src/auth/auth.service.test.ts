import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { auth } from '../auth.plugin.ts'

eachStorage((storage) => {
  test('what is closed is removed when its days are over', async () => {
    const t = await createTestClientele({ storage, plugins: [auth({ keepDays: 7 })] })
    const { api } = t.as()
    const { id } = await api.auth.create({ body: { title: 'The first' } })
    expect(await api.auth.close({ params: { id } })).toMatchObject({ closedAt: '2026-01-15T12:00:00.000Z' })
    t.clock.advance('6d')
    await t.drain()
    expect((await api.auth.list()).items).toHaveLength(1)
    t.clock.advance('1d')
    await t.drain()
    expect((await api.auth.list()).items).toEqual([])
  })

  test('what was opened again stays', async () => {
    const t = await createTestClientele({ storage, plugins: [auth({ keepDays: 7 })] })
    const { api } = t.as()
    const { id } = await api.auth.create({ body: { title: 'The first' } })
    await api.auth.close({ params: { id } })
    await api.auth.update({ params: { id }, body: { closedAt: null } })
    t.clock.advance('7d')
    await t.drain()
    expect((await api.auth.get({ params: { id } })).closedAt).toBeNull()
  })

  test('closing twice is refused, with the way out', async () => {
    const t = await createTestClientele({ storage, plugins: [auth()] })
    const { id } = (await t.fetch('/api/v1/auths', { method: 'POST', body: { title: 'The first' } })).json
    const close = (): ReturnType<typeof t.fetch> => t.fetch(`/api/v1/auths/${id}/close`, { method: 'POST' })
    expect((await close()).status).toBe(200)
    const { status, json } = await close()
    expect(status).toBe(409)
    expect(json).toMatchObject({ code: 'auth.already_closed', params: { id } })
  })
})
