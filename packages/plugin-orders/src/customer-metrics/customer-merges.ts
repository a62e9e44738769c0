import { within, type EventHandler } from '@clientele/core'
import { CustomersMerged, CustomersUnmerged } from '@clientele/plugin-customers'
import { Metrics } from './customer-metrics.service.ts'

/** Orders follow when customers become one or two again, and their sums with them. */
export const mergeHandlers: readonly EventHandler[] = [CustomersMerged, CustomersUnmerged].map((event) =>
  within(event, `orders.metrics.${event.name}`, ({ payload: { survivorId, mergedId } }, t) =>
    t.get(Metrics).refresh(t, [survivorId, mergedId]),
  ),
)
