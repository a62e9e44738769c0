import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inventory, Stock } from '../index.ts'

eachStorage((storage) => {
  test('imported movements move the level once, however often they are given', async () => {
    const t = (await createTestClientele({ storage, plugins: [inventory()] })).as()
    const { id } = await t.api.inventory.createProduct({
      body: { sku: 'CUP', name: 'Cup', price: { amount: 1000, currency: 'EUR' } },
    })
    await t.api.inventory.adjust({ params: { id }, body: { delta: 10, reason: 'received' } })
    const movements = [
      { externalId: '1', productId: id, delta: -3, reason: 'damaged', movedAt: '2011-01-01T10:00:00+01:00' },
      { externalId: '2', productId: id, delta: 1, reason: 'counted', movedAt: '2011-01-02T10:00:00Z' },
    ] as const
    const carryOver = (): Promise<number> =>
      t.tx((tx) => tx.get(Stock).importMany(tx, { source: 'till', movements }))

    expect([await carryOver(), await carryOver()]).toEqual([2, 0])
    const found = await t.api.inventory.get({ params: { id } })
    expect(found.quantity).toBe(8)
    expect(found.movements.map((one) => [one.delta, one.quantityAfter, one.movedAt.slice(0, 16)])).toEqual([
      [10, 10, '2026-01-15T12:00'],
      [1, 8, '2011-01-02T10:00'],
      [-3, 7, '2011-01-01T09:00'],
    ])
  })

  test('a movement of an unknown product moves nothing', async () => {
    const t = (await createTestClientele({ storage, plugins: [inventory()] })).as()
    const productId = t.ctx.newId()
    const movement = {
      externalId: '1',
      productId,
      delta: 1,
      reason: 'counted',
      movedAt: t.ctx.now(),
    } as const
    await expect(
      t.tx((tx) => tx.get(Stock).importMany(tx, { source: 'till', movements: [movement] })),
    ).rejects.toMatchObject({ code: 'entity.reference' })
  })
})
