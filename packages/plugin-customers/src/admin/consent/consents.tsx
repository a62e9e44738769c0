import { can, ErrorState, fmt, humanise, Loading, More, t, usePages, useQuery } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import type { ConsentAnswer } from '../../consent/consent-answer.ts'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'
import { CHANNELS, RecordConsent, type Answer } from './record-consent.tsx'

interface State {
  readonly purpose: string
  /** Null: every channel. */
  readonly channel: string | null
  readonly state: ConsentAnswer
  readonly since: string
}

interface Entry extends Omit<State, 'since'> {
  readonly id: string
  readonly via: string
  readonly at: string
  readonly textVersion: string | null
}

/** What a customer agrees to now, by purpose and channel, and how it came to be. */
export function Consents({ customer }: { readonly customer: CustomerRow }) {
  const { data, error, reload } = useQuery<{ readonly sections: { readonly consents?: readonly State[] } }>(
    `${CUSTOMERS}/${customer.id}/details`,
  )
  const [answer, setAnswer] = useState<Answer | null>(null)
  if (error && !data) return <ErrorState error={error} retry={reload} />
  if (!data) return <Loading />
  const states = data.sections.consents ?? []
  const purposes = [...new Set(['marketing', ...states.map(({ purpose }) => purpose)])]
  const mayWrite = can('consents:write')
  return (
    <div class="stack">
      {purposes.map((purpose) => {
        const own = states.filter((state) => state.purpose === purpose)
        const channels = [...new Set([null, ...CHANNELS, ...own.map(({ channel }) => channel)])]
        return (
          <section key={purpose} aria-labelledby={`consent-${purpose}`}>
            <h3 id={`consent-${purpose}`}>{purposeTitle(purpose)}</h3>
            <ul class="consents">
              {channels.map((channel) => (
                <ChannelView
                  key={channel ?? '*'}
                  channel={channel}
                  state={own.find((state) => state.channel === channel)}
                  {...(mayWrite
                    ? { onAnswer: (state: Answer['state']) => setAnswer({ purpose, channel, state }) }
                    : {})}
                />
              ))}
            </ul>
          </section>
        )
      })}
      {mayWrite && (
        <button
          type="button"
          class="start"
          onClick={() => setAnswer({ purpose: null, channel: null, state: 'granted' })}
        >
          {t('customers.consents.other')}
        </button>
      )}
      <Ledger id={customer.id} />
      {answer && <RecordConsent customer={customer} answer={answer} onClose={() => setAnswer(null)} />}
    </div>
  )
}

function ChannelView({
  channel,
  state,
  onAnswer,
}: {
  readonly channel: string | null
  readonly state: State | undefined
  readonly onAnswer?: (state: Answer['state']) => void
}) {
  const isGranted = state?.state === 'granted'
  const name = channelTitle(channel)
  const next = isGranted ? 'revoked' : 'granted'
  return (
    <li>
      <span class="channel">{name}</span>
      {state ? (
        <span>
          <span class={`badge ${state.state}`}>{t(`customers.consents.${state.state}`)}</span>{' '}
          <span class="quiet">{t('customers.consents.since', { at: fmt.day(state.since) })}</span>
        </span>
      ) : (
        <span class="quiet">
          {t(channel === null ? 'customers.consents.unsaid' : 'customers.consents.as_all')}
        </span>
      )}
      {onAnswer && (
        <button
          type="button"
          class="small"
          aria-label={t(`customers.consents.do.${next}.of`, { channel: name })}
          onClick={() => onAnswer(next)}
        >
          {t(`customers.consents.do.${next}`)}
        </button>
      )}
    </li>
  )
}

/** Everything that was said, the latest first. */
function Ledger({ id }: { readonly id: string }) {
  const pages = usePages<Entry>(`${CUSTOMERS}/${id}/consents?limit=20&sort=-id`)
  const { items, error, reload } = pages
  return (
    <section aria-labelledby="consent-history">
      <h3 id="consent-history">{t('customers.consents.history')}</h3>
      {items === undefined ? (
        error ? (
          <ErrorState error={error} retry={reload} />
        ) : (
          <Loading />
        )
      ) : items.length === 0 ? (
        <p class="quiet">{t('customers.consents.none')}</p>
      ) : (
        <ul class="ledger">
          {items.map(({ id: key, purpose, channel, state, via, at, textVersion }) => (
            <li key={key}>
              <span>
                <strong>{t(`customers.consents.${state}`)}</strong>: {purposeTitle(purpose)},{' '}
                {channelTitle(channel)}
              </span>
              <span class="quiet">
                {fmt.time(at)} · {viaTitle(via)}
                {textVersion && ` · ${t('customers.consents.wording', { version: textVersion })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <More pages={pages} />
    </section>
  )
}

function purposeTitle(purpose: string): string {
  return named(`customers.purpose.${purpose}`, purpose)
}

function channelTitle(channel: string | null): string {
  return channel === null ? t('customers.channel.all') : named(`customers.channel.${channel}`, channel)
}

function viaTitle(via: string): string {
  return named(`customers.via.${via}`, via)
}

function named(key: string, name: string): string {
  const text = t(key)
  return text === key ? humanise(name) : text
}
