import { defineExtensionPoint, type Tx } from '@clientele/core'
import type { Message } from '../ingest/message.ts'

/** An event that was appended, with the customer it found. */
export interface AppendedEvent {
  /** The row's id. */
  readonly eventId: string
  readonly customerId: string
  readonly message: Message
}

/** Who wants to know of events as they arrive. */
export interface CustomerEventSubscriber {
  /**
   * Called once for each batch, in its transaction and after its rows: what it writes is there exactly if the events
   * are, and throwing loses the batch to its sender. Keep it short: thousands of events a second pass here.
   */
  appended(t: Tx, events: readonly AppendedEvent[]): Promise<void>
}

/**
 * Where plugins hear what customers do now; imports and replays are not told of.
 *
 * @example
 * contributes: [CustomerEventSubscribers.add({ appended: (t, events) => countVisits(t, events) })]
 */
export const CustomerEventSubscribers = defineExtensionPoint<CustomerEventSubscriber>(
  'customers.event-subscribers',
)
