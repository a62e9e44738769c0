import { FactWatchers, type FactKey } from '@clientele/conditions'
import { definePlugin } from '@clientele/core'
import { Customer, customers, Merges } from '@clientele/plugin-customers'
import { inventory, Product } from '@clientele/plugin-inventory'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { Orders } from '../order/order.service.ts'
import { orders } from '../orders.plugin.ts'

const EUR = (amount: number) => ({ amount, currency: 'EUR' })

eachStorage((storage) => {
  test('every write of orders, refunds and categories says whose facts it changed', async () => {
    const heard: { id: string; facts: FactKey[] }[] = []
    const listening = definePlugin({
      id: 'listening',
      version: '0.1.0',
      requires: { core: '^0.1.0' },
      contributes: [
        FactWatchers.add({
          id: 'listening.facts',
          factsChanged: async (_t, touched) => {
            for (const [id, facts] of touched) heard.push({ id, facts: [...facts.keys()].toSorted() })
          },
        }),
      ],
    })
    const plugins = [customers(), inventory(), orders(), listening()] as const
    const t = await createTestClientele({ storage, plugins })
    const { tx, get } = t.as()
    const [ana, ben] = await tx((one) => one.repo(Customer).insertMany([{}, {}]))
    const cup = await tx((one) =>
      one.repo(Product).insert({ name: 'Cup', sku: 'CUP', price: EUR(500), category: 'Cups' }),
    )
    const lately = async (work: () => Promise<unknown>): Promise<typeof heard> => {
      heard.length = 0
      await work()
      await t.drain()
      return heard.map(({ id, facts }) => ({
        id,
        facts: facts.filter((fact) => /^(orders|refunds|customerMetrics|products)\./.test(fact)),
      }))
    }
    const service = get(Orders)
    const lines = [{ productId: cup.id, quantity: 2 }]
    const placed = await tx((one) => service.create(one, { customerId: ana!.id, lines }))
    const all = ['customerMetrics.*', 'orders.*']
    expect(await lately(() => tx((one) => service.pay(one, placed.order.id)))).toContainEqual({
      id: ana!.id,
      facts: all,
    })
    const { order } = placed
    expect(
      await lately(() => tx((one) => service.refund(one, order.id, { amount: EUR(100) }))),
    ).toContainEqual({ id: ana!.id, facts: [...all, 'refunds.*'] })
    expect(await lately(() => tx((one) => service.cancel(one, order.id)))).toContainEqual({
      id: ana!.id,
      facts: [...all, 'refunds.*'],
    })
    const batch = (name: string) => ({
      source: 'old',
      orders: [
        {
          ...{ externalId: '1', customerId: ben!.id, placedAt: t.as().ctx.now(), currency: 'EUR' },
          lines: [{ lineNumber: 1, sku: name, name, quantity: 1, unitPrice: 100 }],
        },
      ],
    })
    const imported = (name: string) => lately(() => tx((one) => service.importMany(one, batch(name))))
    expect(await imported('A')).toContainEqual({ id: ben!.id, facts: all })
    expect(await imported('B')).toContainEqual({ id: ben!.id, facts: all })
    expect(await imported('B')).toEqual([])
    expect(
      await lately(() => tx((one) => one.repo(Product).patch(cup.id, { category: 'Tea' }))),
    ).toContainEqual({ id: ana!.id, facts: ['products.category'] })
    const merged = await lately(() =>
      tx((one) => get(Merges).merge(one, ana!.id, ben!.id, { cause: 'person' })),
    )
    expect(merged.find(({ id }) => id === ana!.id)?.facts).toContain('customerMetrics.*')
  })
})
