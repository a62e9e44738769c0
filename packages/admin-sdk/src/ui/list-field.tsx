import { useRef, useState } from 'preact/hooks'
import { t } from '../words/words.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface ListFieldProps {
  readonly label: string
  readonly values: readonly string[]
  readonly onValues: (values: readonly string[]) => void
  readonly error?: string | undefined
  readonly hint?: string | undefined
}

/** Several short texts: Enter or a comma adds what was typed, Backspace in an empty field takes the last away. */
export function ListField({ label, values, onValues, error, hint }: ListFieldProps) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const add = (typed: readonly string[]): void => {
    const all = new Set([...values, ...typed.map((one) => one.trim()).filter(Boolean)])
    if (all.size > values.length) onValues([...all])
  }
  const finish = (): void => {
    add([text])
    setText('')
  }
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <span class="list-field">
          {values.map((value) => (
            <span key={value} class="chip">
              <span class="what">{value}</span>
              <button
                type="button"
                class="plain icon"
                aria-label={`${t('remove')}: ${value}`}
                onClick={() => {
                  onValues(values.filter((one) => one !== value))
                  input.current?.focus()
                }}
              >
                <Icon name="x" />
              </button>
            </span>
          ))}
          <input
            {...control}
            ref={input}
            type="text"
            autocomplete="off"
            value={text}
            onInput={(event) => {
              // A list that was pasted comes apart.
              const parts = event.currentTarget.value.split(',')
              setText(parts.pop()!)
              add(parts)
            }}
            onBlur={finish}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && text.trim() !== '') {
                event.preventDefault()
                finish()
              } else if (event.key === 'Backspace' && text === '' && values.length > 0)
                onValues(values.slice(0, -1))
            }}
          />
        </span>
      )}
    </Field>
  )
}
