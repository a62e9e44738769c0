import { can, fmt, Link, manifest, personName, t, useQuery, type Person } from '@clientele/admin-sdk'
import type { CustomerFigures } from '../model/figures.ts'

interface BuyerCardProps {
  readonly buyer: Person | null
  /** Where the order went. */
  readonly country: string | null
}

/** Who bought, what they bought before, and the way to them. */
export function BuyerCard({ buyer, country }: BuyerCardProps) {
  return (
    <section aria-labelledby="buyer-title">
      <h3 id="buyer-title">{t('field.orders.customerId')}</h3>
      <div class="buyer">
        {buyer ? <Known buyer={buyer} /> : <p>{t('orders.guest')}</p>}
        {country && <p class="quiet">{t('orders.country', { country })}</p>}
      </div>
    </section>
  )
}

function Known({ buyer }: { readonly buyer: Person }) {
  const figures = useQuery<CustomerFigures>(
    can('metrics:read') ? `/api/v1/metrics/customers/${buyer.id}/metrics` : null,
  ).data
  const name = personName(buyer)
  return (
    <>
      <p>
        {manifest.value?.entities['customers'] ? (
          <Link to={`/customers?open=${buyer.id}`}>{name}</Link>
        ) : (
          <strong>{name}</strong>
        )}
      </p>
      {buyer.email && buyer.email !== name && <p class="quiet">{buyer.email}</p>}
      {figures && (
        <p>
          <Link to={`/orders?customerId=${buyer.id}`}>
            {t('orders.buyer.figures', {
              count: figures.orderCount,
              spent: fmt.money(figures.totalSpend, figures.currency),
            })}
          </Link>
        </p>
      )}
    </>
  )
}
