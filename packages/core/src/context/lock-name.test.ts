import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  test('who wants a named lock for itself waits for all who share it, and others wait for it', async () => {
    const { cdp } = await createTestClientele({ storage, plugins: [] })
    const { ctx } = cdp.as()
    const order: string[] = []
    const started = Promise.withResolvers<void>()
    const going = Promise.withResolvers<void>()
    const sharing = ctx.tx(async (t) => {
      await t.lockName('shelf', 'shared')
      started.resolve()
      await going.promise
      order.push('shared')
    })
    await started.promise
    const alone = ctx.tx(async (t) => {
      await t.lockName('shelf')
      order.push('alone')
      // Time enough for a third to come in, if nothing held it back.
      await new Promise((resolve) => setTimeout(resolve, 50))
      order.push('still alone')
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const late = ctx.tx(async (t) => {
      await t.lockName('shelf', 'shared')
      order.push('late')
    })
    going.resolve()
    await Promise.all([sharing, alone, late])
    expect(order).toEqual(['shared', 'alone', 'still alone', 'late'])
  })
})
