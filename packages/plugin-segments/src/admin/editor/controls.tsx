import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { NO_NUMBER } from '../model/blank.ts'

/** What every control of a rule is given. `typing` says that more of the same edit follows. */
export interface ControlProps<T = unknown> {
  readonly label: string
  readonly value: T
  readonly onValue: (value: unknown, typing?: boolean) => void
}

interface SelectProps extends ControlProps {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** Named groups of options instead. */
  readonly children?: ComponentChildren
}

export function Select({ label, value, onValue, options, children }: SelectProps) {
  return (
    <select
      aria-label={label}
      value={String(value ?? '')}
      onChange={(event) => onValue(event.currentTarget.value)}
    >
      {children ??
        options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
    </select>
  )
}

interface TextProps extends ControlProps {
  readonly suggestions?: readonly string[]
  readonly placeholder?: string
}

export function TextInput({ label, value, onValue, suggestions = [], placeholder }: TextProps) {
  const id = useId()
  return (
    <>
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={String(value ?? '')}
        data-missing={value === '' || undefined}
        onInput={(event) => onValue(event.currentTarget.value, true)}
        {...(suggestions.length > 0 ? { list: id } : {})}
      />
      {suggestions.length > 0 && <Suggestions id={id} values={suggestions} />}
    </>
  )
}

export function Suggestions({ id, values }: { readonly id: string; readonly values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  )
}

interface NumberProps extends ControlProps {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly unit?: string | undefined
}

export function NumberInput({ label, value, onValue, min, max, unit }: NumberProps) {
  const isMissing = typeof value !== 'number' || Number.isNaN(value)
  return (
    <span class="unit">
      <input
        type="number"
        class="number"
        step="any"
        aria-label={unit ? `${label} (${unit})` : label}
        value={isMissing ? '' : String(value)}
        data-missing={isMissing || undefined}
        {...(min === undefined ? {} : { min })}
        {...(max === undefined ? {} : { max })}
        onInput={(event) => {
          const { value: text } = event.currentTarget
          onValue(text === '' ? NO_NUMBER : Number(text), true)
        }}
      />
      {unit && <span class="quiet">{unit}</span>}
    </span>
  )
}

interface ChoicesProps extends ControlProps {
  readonly options: readonly { readonly value: unknown; readonly label: string }[]
}

/** Any number of a few words. */
export function Choices({ label, value, onValue, options }: ChoicesProps) {
  const chosen = Array.isArray(value) ? (value as readonly unknown[]) : []
  return (
    <fieldset class="toggles">
      <legend class="unseen">{label}</legend>
      {options.map((one) => (
        <label key={String(one.value)}>
          <input
            type="checkbox"
            checked={chosen.includes(one.value)}
            onChange={(event) =>
              onValue(
                options
                  .map((other) => other.value)
                  .filter((other) =>
                    other === one.value ? event.currentTarget.checked : chosen.includes(other),
                  ),
              )
            }
          />
          <span>{one.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
