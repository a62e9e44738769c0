import { can, ErrorState, fmt, Link, Loading, t, useQuery } from '@clientele/admin-sdk'
import type { CustomerFigures } from '../model/figures.ts'
import type { Order } from '../model/order.ts'

const LATEST = 5

/** What a customer bought: the figures and the latest orders; in the drawer of a customer. */
export function CustomerOrders({ id }: { readonly id: string }) {
  const { data, error, reload } = useQuery<{ readonly items: readonly Order[]; readonly total: number }>(
    `/api/v1/orders?customerId=${id}&sort=-placedAt&limit=${LATEST}&count=exact`,
  )
  return (
    <section class="customer-orders" aria-labelledby="customer-orders-title">
      <h3 id="customer-orders-title" class="unseen">
        {t('orders.nav')}
      </h3>
      {error && !data ? (
        <ErrorState error={error} retry={reload} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <p class="quiet">{t('orders.customer.none')}</p>
      ) : (
        <>
          {can('metrics:read') && <Figures id={id} />}
          <ul class="latest">
            {data.items.map((order) => (
              <li key={order.id}>
                <Link to={`/orders?open=${order.id}`}>{t('orders.title', { number: order.number })}</Link>
                <span class={`badge ${order.state}`}>{t(`field.orders.state.${order.state}`)}</span>
                <span class="quiet">{fmt.day(order.placedAt)}</span>
                <span class="numeric">{fmt.money(order.total.amount, order.total.currency)}</span>
              </li>
            ))}
          </ul>
          {data.total > data.items.length && (
            <p>
              <Link to={`/orders?customerId=${id}`}>{t('orders.customer.all', { count: data.total })}</Link>
            </p>
          )}
        </>
      )}
    </section>
  )
}

function Figures({ id }: { readonly id: string }) {
  const { data } = useQuery<CustomerFigures>(`/api/v1/metrics/customers/${id}/metrics`)
  if (!data) return null
  const { currency } = data
  const figures = [
    ['count', fmt.number(data.orderCount)],
    ['spent', fmt.money(data.totalSpend, currency)],
    ['average', fmt.money(data.averageOrderValue, currency)],
    ['last', data.lastOrderAt ? fmt.ago(data.lastOrderAt) : '–'],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`orders.customer.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
