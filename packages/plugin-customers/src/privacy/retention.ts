import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  toTimestamp,
  type Ctx,
  type JobHandler,
  type Schedule,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { touchGoneEvents } from '../condition/touched-facts.ts'
import { Customer } from '../customer/customer.entity.ts'
import { CustomersSettings } from '../customers.settings.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { CustomerEvent } from '../event/event.entity.ts'
import { RejectedEvent } from '../ingest/rejected-event.entity.ts'

const RemoveOldEvents = defineJob('customers.removeOldEvents', z.object({}), { timeoutMs: 6 * 60 * 60_000 })

/** Removes what the tenant does not want to keep any longer; each slice is a transaction of its own. */
export const removeOldEvents: JobHandler = handleJob(RemoveOldEvents, async (_input, ctx) => {
  const { keepEventsMonths, keepRejectedEventsDays } = await ctx.settings(CustomersSettings)
  if (keepEventsMonths !== null) await removeEvents(ctx, monthsBefore(ctx.now(), keepEventsMonths))
  await removeRejected(ctx, toTimestamp(fromTimestamp(ctx.now()) - keepRejectedEventsDays * 86_400_000))
})

export const retentionSchedule: Schedule = defineSchedule(
  RemoveOldEvents,
  {},
  { cron: '40 3 * * *', zone: 'tenant' },
)

/** Ids looked up at once. */
const PAGE = 1000
/** Rows removed in one transaction. */
const SLICE = 100

async function removeEvents(ctx: Ctx<CustomersTables>, before: Timestamp): Promise<void> {
  for (let after: string | null = null; ;) {
    // On the population lane: events are in the order of customers and names, not of time.
    let query = ctx.db
      .selectFrom('events')
      .select('id')
      .where('occurredAt', '<', before)
      .orderBy('id')
      .limit(PAGE)
    if (after !== null) query = query.where('id', '>', after)
    const ids = (await ctx.population.run(query)).map(({ id }) => id)
    for (let from = 0; from < ids.length; from += SLICE) {
      ctx.signal.throwIfAborted()
      await ctx.tx((t) => removeSlice(t, ids.slice(from, from + SLICE)))
    }
    if (ids.length < PAGE) return
    after = ids.at(-1)!
  }
}

async function removeSlice(t: Tx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const rows = await t.db
    .selectFrom('events')
    .select(['id', 'customerId'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const byCustomer = Map.groupBy(rows, ({ customerId }) => customerId)
  await t.lock(Customer, [...byCustomer.keys()])
  await t.repo(CustomerEvent).removeMany(rows.map(({ id }) => id))
  touchGoneEvents(t, byCustomer.keys())
  await t.projection('counts of events: nobody subscribes to each', async (db) => {
    // In one order for all, so that writers wait for each other and never in a circle.
    for (const [id, of] of [...byCustomer].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      await db
        .updateTable('customerActivities')
        .set((eb) => ({ eventCount: eb('eventCount', '-', of.length), updatedAt: t.now() }))
        .where('id', '=', id)
        .execute()
    }
  })
}

async function removeRejected(ctx: Ctx<CustomersTables>, before: Timestamp): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted()
    const rows = await ctx.db
      .selectFrom('rejectedEvents')
      .select('id')
      .where('receivedAt', '<', before)
      .orderBy('receivedAt')
      .limit(SLICE)
      .execute()
    if (rows.length === 0) return
    await ctx.tx(async (t) => {
      const there = await t.repo(RejectedEvent).getMany(rows.map(({ id }) => id))
      await t.repo(RejectedEvent).removeMany(there.map(({ id }) => id))
    })
  }
}

/** The same day and time so many months ago, or the last day of a month that is shorter. */
function monthsBefore(now: Timestamp, months: number): Timestamp {
  const [year, month, day] = now.slice(0, 10).split('-').map(Number) as [number, number, number]
  const first = Date.UTC(year, month - 1 - months, 1)
  const next = Date.UTC(year, month - months, 1)
  const days = Math.round((next - first) / 86_400_000)
  const time = fromTimestamp(now) - Date.UTC(year, month - 1, day)
  return toTimestamp(first + (Math.min(day, days) - 1) * 86_400_000 + time)
}
