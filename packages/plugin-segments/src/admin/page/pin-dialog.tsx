import {
  ApiError,
  call,
  Dialog,
  Field,
  instantOf,
  RowPicker,
  session,
  t,
  TextField,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { pinModes, type PinMode } from '../../pin/pin-mode.ts'

interface PinDialogProps {
  readonly segmentId: string
  readonly mode: PinMode
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Puts somebody in or out by hand, with a reason, and an end if there is one. */
export function PinDialog({ segmentId, mode: first, onClose, onDone }: PinDialogProps) {
  const [person, setPerson] = useState<string | null>(null)
  const [mode, setMode] = useState<PinMode>(first)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [wanted, setWanted] = useState(false)
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    setWanted(person === null)
    if (person === null) return
    const expiresAt = until ? instantOf(until, session.value?.tenant.timeZone ?? 'UTC') : null
    try {
      await call(`/api/v1/segments/${segmentId}/pins/${person}`, {
        method: 'PUT',
        body: { mode, reason: reason.trim() || null, expiresAt },
      })
      onDone()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
    }
  }
  return (
    <Dialog
      title={t('segments.pin')}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="pin-form" class="main">
            {t('save')}
          </button>
        </>
      }
    >
      <form id="pin-form" noValidate onSubmit={(event) => void save(event)}>
        {problem && (
          <p class="wrong" role="alert">
            {problem.message}
          </p>
        )}
        <RowPicker
          label={t('segments.test.person')}
          to="customers"
          required
          value={person}
          error={wanted && person === null ? t('segments.pin.person') : undefined}
          onValue={setPerson}
        />
        <Field label={t('segments.pin.mode')}>
          {(control) => (
            <select
              {...control}
              value={mode}
              onChange={(event) => setMode(event.currentTarget.value as PinMode)}
            >
              {pinModes.map((one) => (
                <option key={one} value={one}>
                  {t(`segments.pin.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField label={t('segments.pin.reason')} maxLength={500} value={reason} onValue={setReason} />
        <TextField
          label={t('segments.pin.until')}
          hint={t('segments.pin.until.text')}
          type="date"
          value={until}
          onValue={setUntil}
        />
      </form>
    </Dialog>
  )
}
