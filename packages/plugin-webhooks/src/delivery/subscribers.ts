import { AnyEvent, uuidSchema, within, type Tx } from '@clientele/core'
import type { AppendedEvent } from '@clientele/plugin-customers'
import { CUSTOMER_EVENT_TYPE, wantsCustomerEvent, wantsEvent } from '../endpoint/subscriptions.ts'
import type { WebhooksTables } from '../webhooks.tables.ts'
import { addDeliveries, openTargets } from './add-deliveries.ts'

/** Every domain event, in its own transaction: nothing goes out that did not happen, and nothing is forgotten. */
export const domainEvents = within(AnyEvent, 'webhooks.deliver', async (event, t: Tx<WebhooksTables>) => {
  const targets = (await openTargets(t)).filter(({ subscriptions }) => wantsEvent(subscriptions, event.name))
  if (targets.length === 0) return
  const occurrence = {
    ...{ eventId: event.id, type: event.name, at: event.occurredAt, data: event.payload },
    customerId: await customerOf(t, event.payload),
  }
  await addDeliveries(
    t,
    targets.map(({ id }) => ({ endpointId: id, occurrence })),
  )
})

/** What customers do, in the transaction that appends it. */
export async function customerEvents(t: Tx<WebhooksTables>, events: readonly AppendedEvent[]): Promise<void> {
  const tracked = events.filter(({ message }) => message.type === 'track')
  if (tracked.length === 0) return
  const targets = await openTargets(t)
  const wanted = tracked.flatMap(({ eventId, customerId, message }) => {
    const { name, properties, messageId, occurredAt } = message
    const to = targets.filter(({ subscriptions }) => wantsCustomerEvent(subscriptions, name, properties))
    if (to.length === 0) return []
    const data = { eventId, customerId, name, properties, messageId, occurredAt }
    const occurrence = { eventId, type: CUSTOMER_EVENT_TYPE, at: occurredAt, data, customerId }
    return to.map(({ id }) => ({ endpointId: id, occurrence }))
  })
  await addDeliveries(t, wanted)
}

/** The customer that a payload names as such, so that the delivery goes with them when they are erased. */
async function customerOf(t: Tx, payload: unknown): Promise<string | null> {
  const named = (payload as { readonly customerId?: unknown } | null)?.customerId
  const id = uuidSchema.safeParse(named)
  if (!id.success) return null
  const found = await t.db.selectFrom('customers').select('id').where('id', '=', id.data).executeTakeFirst()
  return found?.id ?? null
}
