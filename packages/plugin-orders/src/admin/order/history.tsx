import { fmt, Icon, t } from '@clientele/admin-sdk'
import type { OrderDetails } from '../model/order.ts'

interface Happening {
  readonly kind: 'placed' | 'paid' | 'fulfilled' | 'cancelled' | 'refunded'
  readonly at: string
  readonly amount?: string
}

const ICONS = { placed: 'cart', paid: 'check', fulfilled: 'box', cancelled: 'x', refunded: 'undo' } as const

/** What happened to the order, the latest first. */
export function History({ details }: { readonly details: OrderDetails }) {
  return (
    <section aria-labelledby="history-title">
      <h3 id="history-title">{t('orders.history')}</h3>
      <ol class="history">
        {happenings(details).map(({ kind, at, amount }, index) => (
          <li key={index}>
            <Icon name={ICONS[kind]} />
            <span>{t(`orders.history.${kind}`, amount === undefined ? {} : { amount })}</span>
            <time class="quiet" dateTime={at}>
              {fmt.time(at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}

function happenings({ order, refunds }: OrderDetails): readonly Happening[] {
  const instants = [
    ['placed', order.placedAt],
    ['paid', order.paidAt],
    ['fulfilled', order.fulfilledAt],
    ['cancelled', order.cancelledAt],
  ] as const
  const all: readonly Happening[] = [
    ...instants.flatMap(([kind, at]) => (at === null ? [] : [{ kind, at }])),
    ...refunds.map(({ amount, refundedAt }) => ({
      kind: 'refunded' as const,
      at: refundedAt,
      amount: fmt.money(amount.amount, amount.currency),
    })),
  ]
  // Of what happened at one instant, the later step stands above.
  return all.toSorted((a, b) => a.at.localeCompare(b.at)).reverse()
}
