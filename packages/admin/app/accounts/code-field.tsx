import { TextField } from '@clientele/admin-sdk'
import { useEffect, useRef } from 'preact/hooks'

/** Six digits in one field: password managers and telephones fill it, and a paste may hold spaces. */
export function CodeField({
  label,
  hint,
  value,
  error,
  name,
  onValue,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly error: string | undefined
  readonly name: string
  readonly onValue: (value: string) => void
}) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => ref.current?.querySelector('input')?.focus(), [])
  return (
    <div ref={ref}>
      <TextField
        class="code"
        label={label}
        hint={hint}
        error={error}
        name={name}
        value={value}
        required
        inputMode="numeric"
        pattern="[0-9]{6}"
        autocomplete="one-time-code"
        onValue={(text) => onValue(text.replace(/\D/g, '').slice(0, 6))}
      />
    </div>
  )
}
