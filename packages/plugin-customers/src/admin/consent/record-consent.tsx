import {
  call,
  Dialog,
  Field,
  invalidate,
  personName,
  t,
  TextField,
  toast,
  type ApiError,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { consentStates, type ConsentAnswer } from '../../consent/consent-answer.ts'
import { CUSTOMERS, type CustomerRow } from '../model/customer.ts'

/** What is to be written down. */
export interface Answer {
  /** Null: it is asked for. */
  readonly purpose: string | null
  /** Null: every channel. */
  readonly channel: string | null
  readonly state: ConsentAnswer
}

interface RecordConsentProps {
  readonly customer: CustomerRow
  readonly answer: Answer
  readonly onClose: () => void
}

/** Where it was said, as the ledger names it. */
const VIAS = ['phone', 'in-person', 'mail', 'letter', 'form', 'other'] as const
/** Those that are asked for even where nothing was said. */
export const CHANNELS = ['email', 'sms', 'push'] as const

/** Adds an entry to the ledger of consents, with where it was said. */
export function RecordConsent({ customer, answer, onClose }: RecordConsentProps) {
  const [purpose, setPurpose] = useState(answer.purpose ?? '')
  const [channel, setChannel] = useState(answer.channel ?? '')
  const [state, setState] = useState(answer.state)
  const [via, setVia] = useState<string>('phone')
  const [textVersion, setTextVersion] = useState('')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError>()
  const isNew = answer.purpose === null
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await call(`${CUSTOMERS}/${customer.id}/consents`, {
        body: {
          purpose: purpose.trim(),
          channel: channel || null,
          state,
          via,
          textVersion: textVersion.trim() || null,
          ...(note.trim() ? { proof: { note: note.trim() } } : {}),
        },
      })
      invalidate(CUSTOMERS)
      toast(t('customers.consents.recorded'))
      onClose()
    } catch (error) {
      setProblem(error as ApiError)
      setBusy(false)
    }
  }
  const wrong = problem?.fields ?? {}
  return (
    <Dialog
      title={t(isNew ? 'customers.consents.record' : `customers.consents.record.${state}`, {
        name: personName(customer),
      })}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="consent" class="main" disabled={busy}>
            {t(isNew ? 'save' : `customers.consents.do.${state}`)}
          </button>
        </>
      }
    >
      <form id="consent" class="stack" onSubmit={(event) => void save(event)}>
        {isNew && (
          <>
            <TextField
              label={t('customers.consents.purpose')}
              hint={t('customers.consents.purpose.help')}
              required
              value={purpose}
              onValue={setPurpose}
              error={wrong['purpose']}
            />
            <Field label={t('customers.consents.channel')}>
              {(control) => (
                <select
                  {...control}
                  value={channel}
                  onChange={(event) => setChannel(event.currentTarget.value)}
                >
                  <option value="">{t('customers.channel.all')}</option>
                  {CHANNELS.map((one) => (
                    <option key={one} value={one}>
                      {t(`customers.channel.${one}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('customers.consents.answer')}>
              {(control) => (
                <select
                  {...control}
                  value={state}
                  onChange={(event) => setState(event.currentTarget.value as Answer['state'])}
                >
                  {consentStates.map((one) => (
                    <option key={one} value={one}>
                      {t(`customers.consents.${one}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </>
        )}
        <Field label={t('customers.consents.via')}>
          {(control) => (
            <select {...control} value={via} onChange={(event) => setVia(event.currentTarget.value)}>
              {VIAS.map((one) => (
                <option key={one} value={one}>
                  {t(`customers.via.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label={t('customers.consents.version')}
          hint={t('customers.consents.version.help')}
          maxLength={200}
          value={textVersion}
          onValue={setTextVersion}
          error={wrong['textVersion']}
        />
        <TextField
          label={t('customers.consents.note')}
          hint={t('customers.consents.note.help')}
          maxLength={500}
          value={note}
          onValue={setNote}
        />
        {problem && Object.keys(wrong).length === 0 && (
          <p class="wrong" role="alert">
            {problem.message}
          </p>
        )}
      </form>
    </Dialog>
  )
}
