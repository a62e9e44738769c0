import {
  call,
  fmt,
  Icon,
  invalidate,
  personName,
  t,
  toast,
  useQuery,
  type Person,
} from '@clientele/admin-sdk'
import type { PinRow } from '../model/segment.ts'
import { PersonLink } from '../person/person-link.tsx'

interface PinsProps {
  readonly segmentId: string
  readonly isReadOnly: boolean
}

/** Who was put in or out by hand, and until when. */
export function Pins({ segmentId, isReadOnly }: PinsProps) {
  const path = `/api/v1/segments/${segmentId}/pins`
  const { data } = useQuery<{ readonly items: readonly PinRow[] }>(`${path}?limit=100`)
  const ids = (data?.items ?? []).map(({ customerId }) => customerId)
  const people = useQuery<{ readonly items: readonly Person[] }>(
    ids.length > 0 ? `/api/v1/customers?limit=100&id.in=${ids.join(',')}` : null,
  )
  if (ids.length === 0) return null
  const personOf = (id: string): Person => people.data?.items.find((one) => one.id === id) ?? { id }
  const remove = async (id: string): Promise<void> => {
    try {
      await call(`${path}/${id}`, { method: 'DELETE' })
      invalidate(`/api/v1/segments/${segmentId}/`)
    } catch (problem) {
      toast((problem as Error).message, { kind: 'problem' })
    }
  }
  return (
    <details class="pins">
      <summary>{t('segments.pins', { count: ids.length })}</summary>
      <ul class="cards-list">
        {data!.items.map(({ customerId, mode, reason, expiresAt }) => (
          <li key={customerId}>
            <span class={`badge ${mode}`}>{t(`segments.pin.${mode}.short`)}</span>
            <PersonLink person={personOf(customerId)} />
            <span class="quiet">
              {[reason, expiresAt && t('segments.pin.ends', { at: fmt.time(expiresAt) })]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {!isReadOnly && (
              <button
                type="button"
                class="plain icon"
                aria-label={t('segments.pin.remove', { name: personName(personOf(customerId)) })}
                onClick={() => void remove(customerId)}
              >
                <Icon name="x" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
