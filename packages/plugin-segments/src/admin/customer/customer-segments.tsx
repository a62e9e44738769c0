import { ErrorState, fmt, Link, Loading, t, useQuery } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { useLanguage } from '../language/language.ts'
import { useNames } from '../language/use-names.ts'
import type { PinReason } from '../model/segment.ts'
import { ExplanationTree, type Explanation } from '../person/explanation.tsx'

interface Stay {
  readonly segmentId: string
  readonly name: string
  readonly enteredAt: string
  readonly enteredBy: string
  readonly leftAt: string | null
}

/** The segments of one customer, each with its reasons; in the drawer of a customer. */
export function CustomerSegments({ id }: { readonly id: string }) {
  const { data, error, reload } = useQuery<{ readonly items: readonly Stay[] }>(
    `/api/v1/customers/${id}/segments?only=current&limit=100`,
  )
  return (
    <section class="stays" aria-labelledby="stays-title">
      <h3 id="stays-title">{t('segments.nav')}</h3>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : !data ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <p class="quiet">{t('segments.customer.none')}</p>
      ) : (
        <ul>
          {data.items.map((stay) => (
            <StayView key={stay.segmentId} stay={stay} customerId={id} />
          ))}
        </ul>
      )}
    </section>
  )
}

function StayView({ stay, customerId }: { readonly stay: Stay; readonly customerId: string }) {
  const [isOpen, open] = useState(false)
  return (
    <li>
      <div class="row">
        <span>
          <Link to={`/segments/${stay.segmentId}`}>{stay.name}</Link>{' '}
          <span class="quiet">{t('segments.since', { at: fmt.day(stay.enteredAt) })}</span>
        </span>
        <button
          type="button"
          class="plain small"
          aria-expanded={isOpen}
          aria-label={t('segments.customer.why_of', { name: stay.name })}
          onClick={() => open(!isOpen)}
        >
          {t('segments.customer.why')}
        </button>
      </div>
      {isOpen && <Why segmentId={stay.segmentId} customerId={customerId} />}
    </li>
  )
}

interface WhyProps {
  readonly segmentId: string
  readonly customerId: string
}

interface Reasons {
  readonly pin: PinReason | null
  readonly explanation: Explanation | null
}

/** Asked when somebody wants to know. */
function Why({ segmentId, customerId }: WhyProps) {
  const language = useLanguage()
  const names = useNames(language.data)
  const { data, error, reload } = useQuery<Reasons>(
    `/api/v1/segments/${segmentId}/explain?customerId=${customerId}`,
  )
  if (error) return <ErrorState error={error} retry={reload} />
  if (!data || !language.data) return <Loading />
  return (
    <>
      {data.pin && (
        <p>
          {t(`segments.pinned.${data.pin.mode}`)} <span class="quiet">{data.pin.reason}</span>
        </p>
      )}
      {data.explanation && (
        <ExplanationTree explanation={data.explanation} language={language.data} names={names} />
      )}
    </>
  )
}
