import {
  ErrorState,
  Field,
  fmt,
  humanise,
  Loading,
  locale,
  More,
  session,
  setQuery,
  t,
  usePages,
  usePlace,
} from '@clientele/admin-sdk'
import { eventTypes, type EventType } from '../../event/event-type.ts'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

interface TimelineEvent {
  readonly id: string
  readonly type: EventType
  readonly name: string
  readonly occurredAt: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** As the filter offers them: what was done and what the shop says of it in front. */
const TYPES: readonly EventType[] = [...new Set<EventType>(['track', 'fact', ...eventTypes])]

/** What a customer did, the latest first and day by day. */
export function Timeline({ customer: { id } }: { readonly customer: CustomerRow }) {
  const { query } = usePlace()
  const type = TYPES.find((one) => one === query['events'])
  const pages = usePages<TimelineEvent>(`${CUSTOMERS}/${id}/timeline?limit=50${type ? `&type=${type}` : ''}`)
  const { items, error, reload } = pages
  return (
    <div class="stack">
      <div class="kinds">
        <Field label={t('customers.timeline.show')}>
          {(control) => (
            <select
              {...control}
              value={type ?? ''}
              onChange={(event) => setQuery({ events: event.currentTarget.value || null })}
            >
              <option value="">{t('customers.timeline.all')}</option>
              {TYPES.map((one) => (
                <option key={one} value={one}>
                  {t(`customers.timeline.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {items === undefined ? (
        error ? (
          <ErrorState error={error} retry={reload} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <p class="quiet">{t(type ? 'customers.timeline.none_of' : 'customers.timeline.none')}</p>
      ) : (
        <>
          {byDay(items).map(([day, events]) => (
            <section key={day} class="day" aria-label={day}>
              <h3>{day}</h3>
              <ol>
                {events.map((event) => (
                  <Happened key={event.id} event={event} />
                ))}
              </ol>
            </section>
          ))}
          <More pages={pages} />
        </>
      )}
    </div>
  )
}

function Happened({ event: { type, name, occurredAt, properties } }: { readonly event: TimelineEvent }) {
  const facts = Object.entries(properties ?? {})
  const isNamed = name !== '' && name.toLowerCase() !== type
  return (
    <li>
      <time dateTime={occurredAt} class="quiet">
        {clock(occurredAt)}
      </time>
      <div>
        <p>
          <strong>
            {isNamed ? humanise(name.replaceAll('.', ' ')) : t(`customers.timeline.one.${type}`)}
          </strong>{' '}
          {isNamed && type !== 'track' && <span class="badge">{t(`customers.timeline.one.${type}`)}</span>}
        </p>
        {facts.length > 0 && (
          <details>
            <summary>{inShort(facts)}</summary>
            <dl class="facts">
              {facts.map(([key, value]) => (
                <div key={key}>
                  <dt>{humanise(key)}</dt>
                  <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}

function byDay(events: readonly TimelineEvent[]): readonly (readonly [string, readonly TimelineEvent[]])[] {
  const days = new Map<string, TimelineEvent[]>()
  for (const event of events) {
    const day = fmt.day(event.occurredAt)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return [...days]
}

function clock(instant: string): string {
  const timeZone = session.value?.tenant.timeZone ?? 'UTC'
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'short', timeZone }).format(new Date(instant))
}

/** The first words of what is known; the rest unfolds, ids of rows among it. */
function inShort(facts: readonly (readonly [string, unknown])[]): string {
  const plain = facts.filter(
    ([key, value]) => value !== null && typeof value !== 'object' && !key.endsWith('Id'),
  )
  const words = plain.slice(0, 3).map(([key, value]) => `${humanise(key)}: ${String(value)}`)
  return words.join(' · ') || t('customers.timeline.details')
}
