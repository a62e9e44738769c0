import { fmt, t } from '@clientele/admin-sdk'
import type { Order } from '../model/order.ts'

/** What people look for first: the state, the total, when. */
export function Summary({ order: { state, total, placedAt } }: { readonly order: Order }) {
  return (
    <div class="summary">
      <p class="sum">{fmt.money(total.amount, total.currency)}</p>
      <span class={`badge ${state}`}>{t(`field.orders.state.${state}`)}</span>
      <p class="quiet">{t('orders.placed', { at: fmt.time(placedAt) })}</p>
    </div>
  )
}
