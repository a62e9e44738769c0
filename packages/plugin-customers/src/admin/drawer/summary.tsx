import { detailsOf, fmt, humanise, Slot, t, valueTitle } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
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
          ([title, shown]) =>
            shown && (
              <div key={title}>
                <dt>{title}</dt>
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

/** What plugins count of a customer, this one among them. */
function Figures({ customer }: { readonly customer: CustomerRow }) {
  const figures = detailsOf('customers').filter(({ place }) => place === 'figure')
  return (
    <dl class="figures">
      {figures.map(({ name, title, show }) => (
        <div key={name}>
          <dt>{title}</dt>
          <dd>{show(customer) ?? <span class="quiet">–</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(row: CustomerRow): readonly (readonly [title: string, shown: ComponentChildren])[] {
  const { email, phone, status, country, source, externalId } = row
  const added = detailsOf('customers').filter(({ place }) => place === 'fact')
  return [
    [t('field.customers.email'), email && <a href={`mailto:${email}`}>{email}</a>],
    [t('field.customers.phone'), phone && <a href={`tel:${phone}`}>{phone}</a>],
    [
      t('field.customers.status'),
      <span class={`badge ${status}`}>{valueTitle('customers', 'status', status)}</span>,
    ],
    ...added.map(({ title, show }) => [title, show(row)] as const),
    [t('field.customers.country'), countryName(country)],
    [t('field.customers.locale'), row.locale],
    [t('field.customers.timeZone'), row.timeZone],
    [t('field.customers.acceptsMarketing'), t(row.acceptsMarketing ? 'yes' : 'no')],
    [t('field.customers.externalId'), externalId && `${source ? `${source}: ` : ''}${externalId}`],
    [t('field.customers.createdAt'), fmt.time(row.createdAt)],
  ]
}

function traitText(value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return fmt.number(value)
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
