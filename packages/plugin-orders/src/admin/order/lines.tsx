import { can, fmt, Icon, Link, manifest, t } from '@clientele/admin-sdk'
import { leftOf, refundedOf, type OrderDetails, type OrderLine } from '../model/order.ts'
import { partsOf } from '../model/totals.ts'
import type { RefundWish } from '../refund/refund-dialog.tsx'

interface LinesProps {
  readonly details: OrderDetails
  readonly onRefund: (wish: RefundWish) => void
}

/** What was bought at which price, and how the total comes about. */
export function Lines({ details, onRefund }: LinesProps) {
  const { lines, order } = details
  const left = can('orders:write') ? leftOf(details) : 0
  const { currency } = order.total
  const money = (amount: number): string => fmt.money(amount, currency)
  const refunded = refundedOf(details)
  return (
    <section aria-labelledby="lines-title">
      <h3 id="lines-title">{t('orders.lines')}</h3>
      <table class="lines">
        <thead class="unseen">
          <tr>
            <th scope="col">{t('orders.line')}</th>
            {left > 0 && <td />}
            <th scope="col">{t('orders.amount')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line key={line.id} line={line} left={left} onRefund={onRefund} />
          ))}
        </tbody>
      </table>
      <dl class="sums">
        {partsOf(lines).map(({ kind, amount }) => (
          <Sum key={kind} label={t(`orders.sum.${kind}`)} value={money(amount)} />
        ))}
        <Sum label={t('orders.sum.total')} value={money(order.total.amount)} isStrong />
        <Sum
          label={t('orders.sum.payment')}
          value={order.paidAt ? fmt.day(order.paidAt) : t('orders.sum.unpaid')}
        />
        {refunded !== 0 && <Sum label={t('orders.sum.refunded')} value={money(-refunded)} />}
        {refunded !== 0 && (
          <Sum label={t('orders.sum.kept')} value={money(order.total.amount - refunded)} isStrong />
        )}
      </dl>
    </section>
  )
}

interface LineProps extends Pick<LinesProps, 'onRefund'> {
  readonly line: OrderLine
  /** What can still be given back of the order. */
  readonly left: number
}

function Line({ line: { productId, sku, name, quantity, unitPrice, total }, left, onRefund }: LineProps) {
  const what = quantity === 1 ? name : t('orders.line.times', { name, quantity })
  return (
    <tr>
      <td>
        <ProductName id={productId} name={name} />
        <span class="quiet">
          {sku} · {fmt.number(quantity)} × {fmt.money(unitPrice.amount, unitPrice.currency)}
        </span>
      </td>
      {left > 0 && (
        <td class="deed">
          {total.amount > 0 && (
            <button
              type="button"
              class="plain icon"
              aria-label={t('orders.refund.line', { what })}
              title={t('orders.refund.line', { what })}
              onClick={() => onRefund({ amount: Math.min(left, total.amount), note: what })}
            >
              <Icon name="undo" />
            </button>
          )}
        </td>
      )}
      <td class="numeric">{fmt.money(total.amount, total.currency)}</td>
    </tr>
  )
}

/** The way to the product, where there is a panel of products. */
function ProductName({ id, name }: { readonly id: string | null; readonly name: string }) {
  const panel = manifest.value?.panels.find(({ shows }) => 'entity' in shows && shows.entity === 'products')
  return id && panel ? <Link to={`${panel.path}?open=${id}`}>{name}</Link> : <span>{name}</span>
}

interface SumProps {
  readonly label: string
  readonly value: string
  readonly isStrong?: boolean
}

function Sum({ label, value, isStrong = false }: SumProps) {
  return (
    <div class={isStrong ? 'strong' : undefined}>
      <dt>{label}</dt>
      <dd class="numeric">{value}</dd>
    </div>
  )
}
