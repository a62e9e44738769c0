import { eachStorage } from '@clientele/testing'
import express from 'express'
import { expect, test } from 'vitest'
import { createApp, shopRoutes, type Shop } from './app.ts'
import { createTestShop, serve } from './test-shop.fixture.ts'

const mountings = {
  'after the body parser': createApp,
  'before the body parser': (shop: Shop) =>
    express().use('/cdp', shop.cdp.router()).use(express.json()).use(shopRoutes(shop)),
}

eachStorage((storage) => {
  test.each(Object.entries(mountings))(
    'shop and Clientele answer side by side, mounted %s',
    async (_, mount) => {
      const shop = await createTestShop(storage)
      const url = await serve(mount(shop))
      const headers = await shop.signIn('staff')
      const post = (path: string, body: object) =>
        fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      expect((await post('/checkout', { sku: 'mug', quantity: 2 })).status).toBe(201)
      const created = await post('/cdp/api/v1/customers', { email: 'bo@example.com' })
      expect(created.status).toBe(201)
      const listed = await fetch(`${url}/cdp/api/v1/customers?sort=email`, { headers })
      expect(
        ((await listed.json()) as { items: { email: string }[] }).items.map(({ email }) => email),
      ).toEqual(['bo@example.com', 'olga@shop.example'])
      expect(await (await fetch(`${url}/orders`, { headers })).json()).toMatchObject([
        { sku: 'mug', total: 2400 },
      ])
      expect((await fetch(`${url}/cdp/ready`)).status).toBe(200)
      expect((await fetch(`${url}/cdp/nothing`, { headers })).status).toBe(404)
      expect((await fetch(`${url}/api/v1/customers`, { headers })).status).toBe(404)
    },
  )

  test("the shop's sign-in decides who may use Clientele", async () => {
    const shop = await createTestShop(storage)
    const url = await serve(createApp(shop))
    const statusFor = async (headers: Record<string, string>) =>
      (await fetch(`${url}/cdp/api/v1/customers`, { headers })).status
    expect(await statusFor({})).toBe(401)
    expect(await statusFor({ authorization: 'Bearer made-up' })).toBe(401)
    expect(await statusFor(await shop.signIn('shopper'))).toBe(403)
    const body = JSON.stringify({ email: 'olga@shop.example', password: 'tea' })
    const json = { 'content-type': 'application/json' }
    const { token } = (await (
      await fetch(`${url}/sign-in`, { method: 'POST', headers: json, body })
    ).json()) as { token: string }
    expect(await statusFor({ authorization: `Bearer ${token}` })).toBe(200)
    await shop.cdp.hostTransaction((connection) => shop.database.on(connection)`delete from sessions`)
    expect(await statusFor({ authorization: `Bearer ${token}` })).toBe(401)
  })

  test('the shop answers in its own words when it refuses', async () => {
    const shop = await createTestShop(storage)
    const url = await serve(createApp(shop))
    const headers = await shop.signIn('shopper')
    const buy = async (body: object) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      return (await fetch(`${url}/checkout`, init)).status
    }
    expect(await buy({ sku: 'table', quantity: 1 })).toBe(402)
    expect(await buy({ sku: 'yacht', quantity: 1 })).toBe(404)
    expect(await buy({ sku: 'mug', quantity: 0.5 })).toBe(400)
    expect((await fetch(`${url}/orders`)).status).toBe(401)
    expect(await (await fetch(`${url}/orders`, { headers })).json()).toEqual([])
  })

  test("the tables of shop and Clientele stand side by side, told apart by Clientele's prefix", async () => {
    const { database } = await createTestShop(storage)
    const tables =
      storage === 'sqlite'
        ? await database.sql`select name from sqlite_schema where type = 'table'`
        : await database.sql`select table_name as name from information_schema.tables where table_schema = current_schema()`
    const names = tables.map(({ name }: { name: string }) => name)
    expect(names.filter((name) => !name.startsWith('clientele_')).toSorted()).toEqual([
      'orders',
      'sessions',
      'users',
    ])
    expect(names).toContain('clientele_orders')
  })
})
