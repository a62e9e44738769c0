import { fmt, t } from '@clientele/admin-sdk'
import type { Refund } from '../model/order.ts'

/** What was given back, and why. */
export function Refunds({ refunds }: { readonly refunds: readonly Refund[] }) {
  if (refunds.length === 0) return null
  return (
    <section aria-labelledby="refunds-title">
      <h3 id="refunds-title">{t('orders.refunds')}</h3>
      <ul class="refunds">
        {refunds.map(({ id, amount, reason, note, refundedAt }) => (
          <li key={id}>
            <span>
              {t(`field.refunds.reason.${reason}`)}
              <span class="quiet"> · {fmt.time(refundedAt)}</span>
              {note && <span class="quiet note-text">{note}</span>}
            </span>
            <span class="numeric">{fmt.money(amount.amount, amount.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
