import { session } from '../session/session.ts'
import { t } from '../words/words.ts'
import { instantOf, wallTime } from '../words/zone.ts'
import { TextField } from './field.tsx'

interface DateFieldProps {
  readonly label: string
  /** An instant, ISO 8601; null: none. */
  readonly value: string | null
  readonly onValue: (instant: string | null) => void
  /** Only the day: its midnight is the instant. @default false */
  readonly isDay?: boolean
  /** Whose clocks are meant. @default the tenant's */
  readonly zone?: string
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly required?: boolean | undefined
}

/** An instant, as the clocks of the tenant's zone show it; typed, or chosen in the browser's own calendar. */
export function DateField({
  label,
  value,
  onValue,
  isDay = false,
  zone = session.value?.tenant.timeZone ?? 'UTC',
  error,
  hint,
  required,
}: DateFieldProps) {
  const shown = value === null || Number.isNaN(Date.parse(value)) ? '' : wallTime(value, zone)
  return (
    <TextField
      label={label}
      error={error}
      hint={[hint, isDay ? null : t('date.zone', { zone })].filter(Boolean).join(' · ') || undefined}
      required={required}
      type={isDay ? 'date' : 'datetime-local'}
      value={isDay ? shown.slice(0, 10) : shown}
      onValue={(text) => onValue(text === '' ? null : instantOf(text, zone))}
    />
  )
}
