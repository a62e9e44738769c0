import { col, defineEntity, definePlugin, route } from '@clientele/core'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { audit } from '../audit.plugin.ts'

const Plan = defineEntity('plans', { name: col.text() }, { tenancy: { global: 'what shops may book' } })

const plans = definePlugin({
  id: 'plans',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Plan],
  migrations: { '0001-plans': { up: (m) => m.createTable(Plan), down: (m) => m.dropTable('plans') } },
  permissions: { 'plans:write': { label: 'Change plans', platform: true } },
  routes: {
    add: route.post({
      path: '/api/v1/plans',
      scope: 'instance',
      permission: 'plans:write',
      summary: 'Add a plan',
      async handler(_, ctx) {
        await ctx.tx((t) => t.repo(Plan).insert({ name: 'small' }))
      },
    }),
  },
})

eachStorage((storage) => {
  test('what is of no tenant has a trail of its own, which no tenant sees', async () => {
    const tenancy = { mode: 'multi', tenants: async () => ['one'] } as const
    const shop = await createTestClientele({ storage, plugins: [plans(), audit()], tenancy })
    await shop.drain()
    expect((await shop.fetch('/api/v1/plans', { method: 'POST', as: { tenants: ['*'] } })).status).toBe(204)
    shop.clock.advance('2s')
    await shop.drain()

    const platform = await shop.fetch('/api/v1/operator/audit', { as: { tenants: ['*'] } })
    expect(platform.json.items).toMatchObject([{ entity: 'plans', action: 'insert' }])
    const checked = await shop.fetch('/api/v1/operator/audit/verify', {
      method: 'POST',
      as: { tenants: ['*'] },
    })
    expect(checked.json).toMatchObject({ entries: 1, pending: 0, problems: [] })
    expect((await shop.fetch('/api/v1/audit', { as: { tenants: ['one'] } })).json.items).toEqual([])
    expect((await shop.fetch('/api/v1/operator/audit', { as: { tenants: ['one'] } })).status).toBe(403)
  })

  test('with one tenant there is one trail, and none outside of it', async () => {
    const shop = await createTestClientele({ storage, plugins: [plans(), audit()] })
    expect((await shop.fetch('/api/v1/plans', { method: 'POST' })).status).toBe(204)
    expect((await shop.fetch('/api/v1/audit')).json.items).toMatchObject([{ entity: 'plans' }])
    expect((await shop.fetch('/api/v1/operator/audit')).status).toBe(404)
    expect((await shop.fetch('/api/v1/operator/audit/verify', { method: 'POST' })).status).toBe(404)
  })
})
