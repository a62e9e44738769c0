import type { Tx } from '@clientele/core'
import type { CommerceTables } from '../orders.tables.ts'
import { OrderCounter } from './order-counter.entity.ts'

/** How many candidates are looked up at once when imported orders hold the next numbers. */
const LOOKAHEAD = 100

/**
 * The next free order number of the tenant. Orders of one tenant wait for each other here, so numbers come in the
 * order of the commits and a rolled-back order leaves no gap.
 */
export async function nextOrderNumber(t: Tx<CommerceTables>, firstNumber: number): Promise<string> {
  const counter = await lockedCounter(t, firstNumber)
  for (let from = counter.value + 1; ; from += LOOKAHEAD) {
    const candidates = Array.from({ length: LOOKAHEAD }, (_, index) => String(from + index))
    const taken = await t.db
      .selectFrom('orders')
      .select('number')
      .where((eb) => t.sql.anyOf(eb.ref('number'), 'text', candidates))
      .execute()
    const numbers = new Set(taken.map((order) => order.number))
    const free = candidates.find((candidate) => !numbers.has(candidate))
    if (free === undefined) continue
    await t.projection('the counter is the last number given out', (db) =>
      db
        .updateTable('orderCounters')
        .set({ value: Number(free) })
        .where('id', '=', counter.id)
        .execute(),
    )
    return free
  }
}

async function lockedCounter(t: Tx<CommerceTables>, firstNumber: number): Promise<Counter> {
  const known = (await counterOf(t)) ?? (await firstCounter(t, firstNumber))
  await t.lock(OrderCounter, [known.id])
  return (await counterOf(t)) ?? known
}

async function firstCounter(t: Tx<CommerceTables>, firstNumber: number): Promise<Counter> {
  const now = t.now()
  const counter = { id: t.newId(), name: 'orders', value: firstNumber - 1 }
  await t.projection('two first orders at once make one counter', (db) =>
    db
      .insertInto('orderCounters')
      .values({ ...counter, version: 1, createdAt: now, updatedAt: now })
      .onConflict((conflict) => conflict.columns(['tenantId', 'name']).doNothing())
      .execute(),
  )
  return (await counterOf(t)) ?? counter
}

interface Counter {
  readonly id: string
  readonly value: number
}

function counterOf(t: Tx<CommerceTables>): Promise<Counter | undefined> {
  return t.db
    .selectFrom('orderCounters')
    .select(['id', 'value'])
    .where('name', '=', 'orders')
    .executeTakeFirst()
}
