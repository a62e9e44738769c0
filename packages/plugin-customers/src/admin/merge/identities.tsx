import { ErrorState, fmt, humanise, Loading, More, t, usePages } from '@clientele/admin-sdk'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'
import { Merges } from './merges.tsx'

interface Identity {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly firstSeenAt: string
  readonly lastSeenAt: string
}

/** The ways a customer is known, and the customers that have become this one. */
export function Identities({ customer }: { readonly customer: CustomerRow }) {
  const pages = usePages<Identity>(`${CUSTOMERS}/${customer.id}/identities?limit=50`)
  const { items, error, reload } = pages
  return (
    <div class="stack">
      {items === undefined ? (
        error ? (
          <ErrorState error={error} retry={reload} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <p class="quiet">{t('customers.identities.none')}</p>
      ) : (
        <ul class="ledger">
          {items.map(({ id, type, value, firstSeenAt, lastSeenAt }) => (
            <li key={id}>
              <span>
                <span class="quiet">{typeTitle(type)}</span> <strong>{value}</strong>
              </span>
              <span class="quiet">
                {t('customers.identities.seen', { first: fmt.day(firstSeenAt), last: fmt.day(lastSeenAt) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <More pages={pages} />
      <Merges customer={customer} />
    </div>
  )
}

function typeTitle(type: string): string {
  const key = `customers.identity.${type}`
  const text = t(key)
  return text === key ? humanise(type) : text
}
