import { fromTimestamp } from '@clientele/core'
import { Customer, CustomerEvents } from '@clientele/plugin-customers'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segmentsShop } from '../segments.fixture.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const WINDOW = 120 * MINUTE
/** How long each stays: shorter than what gets a job at once, around the next looks of the schedule, and long. */
const STAYS = [0.2, 1, 3, 6, 45, 4 * 60, 5 * 60, 6 * 60, 11 * 60, 61 * 60].map((seconds) => seconds * SECOND)

eachStorage((storage) => {
  test('jobs and the schedule alone end every stay at its very instant', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const { ctx, tx } = t.as()
    await segment('Lately', {
      ...{ type: 'event', name: 'Product Viewed' },
      within: { last: { amount: WINDOW / MINUTE, unit: 'minute' } },
    })
    // Off the grid of seconds and of the schedule.
    t.clock.advance(2 * MINUTE + 417)
    const entered = t.clock.now()
    const ids: string[] = []
    for (const stay of STAYS) {
      const { id: customerId } = await tx((one) => one.repo(Customer).insert({}))
      const occurredAt = new Date(entered - WINDOW + stay).toISOString()
      await tx((one) =>
        one.get(CustomerEvents).track(one, { who: { customerId }, name: 'Product Viewed', occurredAt }),
      )
      ids.push(customerId)
    }
    const end = entered + Math.max(...STAYS) + 5 * MINUTE
    for (let at = entered; at <= end;) {
      t.clock.set(new Date(at).toISOString())
      await t.drain()
      const { items } = await api.core.listJobs({ query: { name: 'segments.timers', limit: 200 } })
      const due = items.map(({ runAt }) => fromTimestamp(runAt)).filter((one) => one > at)
      at = Math.min(...due, (Math.floor(at / (5 * MINUTE)) + 1) * 5 * MINUTE)
    }
    const stays = await ctx.db.selectFrom('memberships').select(['customerId', 'leftAt']).execute()
    const left = new Map(stays.map(({ customerId, leftAt }) => [customerId, leftAt && fromTimestamp(leftAt)]))
    // The window holds its first instant still.
    expect(ids.map((id) => left.get(id))).toEqual(STAYS.map((stay) => entered + stay + 1))
  })
})
