import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { Customers, customers } from '../index.ts'

eachStorage((storage) => {
  test('the oldest customer with an address is found in any case', async () => {
    const { ctx, get, tx } = (await createTestClientele({ storage, plugins: [customers()] })).as()
    const service = get(Customers)
    const ana = await tx((t) => service.create(t, { email: 'ana@example.com' }))
    await tx((t) => service.create(t, { email: 'ana@example.com' }))
    expect(await service.findByEmail(ctx, 'ANA@example.com')).toMatchObject({ id: ana.id })
    expect(await service.findByEmail(ctx, 'bo@example.com')).toBeNull()
  })

  test('whoever locks a customer keeps others waiting', async () => {
    const { ctx, get, tx } = (await createTestClientele({ storage, plugins: [customers()] })).as()
    const service = get(Customers)
    const { id } = await tx((t) => service.create(t, { traits: { visits: 0 } }))
    const visit = (): Promise<unknown> =>
      tx(async (t) => {
        await service.lock(t, [id])
        const { traits } = await service.get(t, id)
        await service.update(t, id, { traits: { visits: (traits['visits'] as number) + 1 } })
      })
    await Promise.all(Array.from({ length: 5 }, visit))
    expect(await service.get(ctx, id)).toMatchObject({ traits: { visits: 5 } })
  })
})
