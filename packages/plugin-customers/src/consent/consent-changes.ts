import { onChange, within, type ChangeSubscriber, type EventHandler, type Tx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import { CustomersMerged, CustomersUnmerged } from '../customers.events.ts'
import { MARKETING } from './consent.entity.ts'
import { Consents, spoken } from './consent.service.ts'

/** Whoever sets `acceptsMarketing` of a customer by hand or by an import says something: it goes into the ledger. */
export const marketingChanges: ChangeSubscriber = onChange(
  Customer,
  'customers.marketing',
  async (changes, t) => {
    for (const { kind, columns, after } of changes) {
      if (kind !== 'patch' || !after || !columns.includes('acceptsMarketing')) continue
      const accepts = after.acceptsMarketing
      const said = await spoken(t, after.id)
      // The ledger said it first, and the column follows.
      if (said !== null && (said === 'granted') === accepts) continue
      const state = accepts ? 'granted' : 'revoked'
      await t.get(Consents).record(t, { customerId: after.id, purpose: MARKETING, state, via: viaOf(t) })
    }
  },
)

/** Entries follow when customers become one or two again, and the states with them. */
export const consentHandlers: readonly EventHandler[] = [CustomersMerged, CustomersUnmerged].map((event) =>
  within(event, `customers.consents.${event.name}`, ({ payload: { survivorId, mergedId } }, t) =>
    t.get(Consents).recount(t, [survivorId, mergedId]),
  ),
)

function viaOf({ origin, actor }: Tx): string {
  if (origin === 'import') return 'import'
  return actor.kind === 'user' ? 'admin' : 'api'
}
