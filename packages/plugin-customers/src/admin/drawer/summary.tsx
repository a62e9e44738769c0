import { fmt, humanise, Slot, t, valueTitle } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { Ago } from '../model/ago.tsx'
import { countryName, type CustomerRow } from '../model/customer.ts'
import { CustomerTags } from '../tag/customer-tags.tsx'

/** What one wants to know first. */
export function Summary({ customer }: { readonly customer: CustomerRow }) {
  const traits = Object.entries(customer.traits ?? {})
  return (
    <div class="stack">
      <Figures customer={customer} />
      <dl class="facts">
        {factsOf(customer).map(
          ([name, shown]) =>
            shown && (
              <div key={name}>
                <dt>{t(name)}</dt>
                <dd>{shown}</dd>
              </div>
            ),
        )}
      </dl>
      <CustomerTags id={customer.id} />
      {traits.length > 0 && (
        <section aria-labelledby="traits">
          <h3 id="traits">{t('customers.traits')}</h3>
          <dl class="facts">
            {traits.map(([name, value]) => (
              <div key={name}>
                <dt>{humanise(name)}</dt>
                <dd>{traitText(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <Slot name="customers.details" id={customer.id} row={customer} />
    </div>
  )
}

function Figures({ customer: { metrics, activity } }: { readonly customer: CustomerRow }) {
  const figures: readonly (readonly [name: string, shown: ComponentChildren])[] = [
    ...(metrics
      ? ([
          ['customers.spent', fmt.money(metrics.totalSpend)],
          ['customers.orders', fmt.number(metrics.orderCount)],
          ['customers.average', metrics.orderCount > 0 ? fmt.money(metrics.averageOrderValue) : '–'],
          ['customers.last_order', <Ago at={metrics.lastOrderAt} />],
        ] as const)
      : []),
    ['customers.last_seen', <Ago at={activity?.lastSeenAt} />],
    ['customers.events', fmt.number(activity?.eventCount ?? 0)],
  ]
  return (
    <dl class="figures">
      {figures.map(([name, shown]) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{shown}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(row: CustomerRow): readonly (readonly [name: string, shown: ComponentChildren])[] {
  const { email, phone, status, metrics, country, source, externalId } = row
  return [
    ['field.customers.email', email && <a href={`mailto:${email}`}>{email}</a>],
    ['field.customers.phone', phone && <a href={`tel:${phone}`}>{phone}</a>],
    [
      'field.customers.status',
      <span class={`badge ${status}`}>{valueTitle('customers', 'status', status)}</span>,
    ],
    ['customers.tier', metrics?.tier && <span class="badge">{metrics.tier}</span>],
    ['field.customers.country', countryName(country)],
    ['field.customers.locale', row.locale],
    ['field.customers.timeZone', row.timeZone],
    ['field.customers.acceptsMarketing', t(row.acceptsMarketing ? 'yes' : 'no')],
    ['field.customers.externalId', externalId && `${source ? `${source}: ` : ''}${externalId}`],
    ['field.customers.createdAt', fmt.time(row.createdAt)],
  ]
}

function traitText(value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return fmt.number(value)
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
