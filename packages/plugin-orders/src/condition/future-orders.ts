import { FactWatchers, touchFacts } from '@clientele/conditions'
import {
  defineJob,
  handleJob,
  onChange,
  uuidSchema,
  type ChangeSubscriber,
  type JobHandler,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { Order } from '../order/order.entity.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { Refund } from '../refund/refund.entity.ts'

const kindSchema = z.enum(['orders', 'refunds'])
type Kind = z.infer<typeof kindSchema>

/** By id: when it happens an order may have become another customer's. */
const TouchHappened = defineJob(
  'orders.touchHappened',
  z.object({ kind: kindSchema, ids: z.array(uuidSchema) }),
)

/** Rows of one job. */
const SLICE = 500

const ordersAhead = onChange(Order, 'orders.ahead', (changes, t) =>
  touchWhenHappened(
    t,
    'orders',
    changes.flatMap(({ id, columns, after }) =>
      after && columns.includes('placedAt') ? [{ id, at: after.placedAt }] : [],
    ),
  ),
)

const refundsAhead = onChange(Refund, 'orders.refunds-ahead', (changes, t) =>
  touchWhenHappened(
    t,
    'refunds',
    changes.flatMap(({ id, columns, after }) =>
      after && columns.includes('refundedAt') ? [{ id, at: after.refundedAt }] : [],
    ),
  ),
)

/**
 * Have orders and refunds that are dated after now touched again once they happen: conditions count what has happened.
 * One job for each instant, added with the rows; none while nobody listens.
 */
export const aheadSubscribers: readonly ChangeSubscriber[] = [ordersAhead, refundsAhead]

interface Dated {
  readonly id: string
  readonly at: Timestamp
}

async function touchWhenHappened(t: Tx, kind: Kind, rows: readonly Dated[]): Promise<void> {
  if (t.extensions(FactWatchers).length === 0) return
  const now = t.now()
  const ahead = rows.filter(({ at }) => at > now)
  for (const [runAt, together] of Map.groupBy(ahead, ({ at }) => at)) {
    const ids = together.map(({ id }) => id)
    for (let from = 0; from < ids.length; from += SLICE)
      await t.enqueue(TouchHappened, { kind, ids: ids.slice(from, from + SLICE) }, { runAt })
  }
}

/** The instant has come at which these are dated. */
export const touchHappened: JobHandler = handleJob(TouchHappened, async ({ kind, ids }, ctx) => {
  await ctx.tx(async (t) => {
    await t.lock(Customer, await ownersOf(t, kind, ids))
    // A merge that had their locks may have moved some.
    const owners = await ownersOf(t, kind, ids)
    await t.lock(Customer, owners)
    touchFacts(t, owners, [`${kind}.*`])
  })
})

/** A refund belongs to whoever placed its order, and without one to its own customer. */
async function ownersOf(t: Tx<CommerceTables>, kind: Kind, ids: readonly string[]): Promise<string[]> {
  const rows =
    kind === 'orders'
      ? await t.db
          .selectFrom('orders')
          .select('customerId')
          .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
          .execute()
      : await t.db
          .selectFrom('refunds')
          .leftJoin('orders', 'orders.id', 'refunds.orderId')
          .select((eb) => eb.fn.coalesce('orders.customerId', 'refunds.customerId').as('customerId'))
          .where((eb) => t.sql.anyOf(eb.ref('refunds.id'), 'uuid', ids))
          .execute()
  return [...new Set(rows.map(({ customerId }) => customerId).filter((id) => id !== null))]
}
