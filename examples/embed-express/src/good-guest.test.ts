import { eachStorage } from '@clientele/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { checkout } from './checkout.ts'
import { ordersOf, PRODUCTS } from './host/orders.ts'
import { createTestShop } from './test-shop.fixture.ts'

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug'] as const

eachStorage((storage) => {
  test("the shop's database stays open and usable when Clientele stops", async () => {
    const shop = await createTestShop(storage)
    await checkout(shop, shop.ana, { product: PRODUCTS[0]!, quantity: 1 })
    await shop.cdp.stop()
    expect(await ordersOf(shop.database.sql, shop.ana)).toHaveLength(1)
    expect(await shop.counts()).toMatchObject({ orders: 1, ordersInClientele: 1 })
  })

  test('a stop waits for the checkout that runs', async () => {
    const shop = await createTestShop(storage)
    const running = checkout(shop, shop.ana, { product: PRODUCTS[0]!, quantity: 1 })
    const stopping = shop.cdp.stop()
    await running
    await stopping
    expect(await shop.counts()).toMatchObject({ orders: 1, ordersInClientele: 1, jobs: 1 })
  })

  test('signals, console and output of the process are left to the shop', async () => {
    const listeners = () => process.eventNames().map((name) => [name, process.rawListeners(name as 'exit')])
    const before = { listeners: listeners(), console: CONSOLE.map((name) => console[name]) }
    const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    onTestFinished(() => written.mockRestore())
    const shop = await createTestShop(storage)
    await checkout(shop, shop.ana, { product: PRODUCTS[0]!, quantity: 1 })
    await shop.cdp.runJobs()
    expect(listeners()).toEqual(before.listeners)
    await shop.cdp.stop()
    expect(listeners()).toEqual(before.listeners)
    expect(CONSOLE.map((name) => console[name])).toEqual(before.console)
    expect(written).not.toHaveBeenCalled()
  })
})
