import { Field, Icon, t, useQuery } from '@clientele/admin-sdk'
import { useId, useRef, useState } from 'preact/hooks'

interface TagInputProps {
  readonly label: string
  readonly values: readonly string[]
  readonly onValues: (values: readonly string[]) => void
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly isReadOnly?: boolean
}

/** Tags as chips: Enter or a comma puts on what was typed, Backspace in an empty field takes the last off. */
export function TagInput({ label, values, onValues, error, hint, isReadOnly = false }: TagInputProps) {
  const known = useQuery<{ readonly items: readonly { readonly name: string }[] }>('/api/v1/tags').data
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const add = (typed: string): void => {
    const fresh = typed.split(',').map((one) => one.trim())
    const all = [...new Set([...values, ...fresh.filter(Boolean)])]
    setText('')
    if (all.length > values.length) onValues(all)
  }
  const names = (known?.items ?? []).map(({ name }) => name).filter((name) => !values.includes(name))
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <span class="tags">
          {values.map((value) => (
            <span key={value} class="tag">
              {value}
              {!isReadOnly && (
                <button
                  type="button"
                  class="plain icon"
                  aria-label={t('customers.tag.take_off', { tag: value })}
                  onClick={() => {
                    onValues(values.filter((one) => one !== value))
                    input.current?.focus()
                  }}
                >
                  <Icon name="x" />
                </button>
              )}
            </span>
          ))}
          <input
            {...control}
            ref={input}
            type="text"
            list={`${id}-known`}
            autocomplete="off"
            maxLength={100}
            readOnly={isReadOnly}
            placeholder={isReadOnly ? '' : t('customers.tag.add')}
            value={text}
            onInput={({ currentTarget: { value } }) => {
              // A tag that was picked from the list comes whole.
              if (value.includes(',') || names.includes(value)) add(value)
              else setText(value)
            }}
            onBlur={() => add(text)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && text.trim() !== '') {
                event.preventDefault()
                add(text)
              } else if (event.key === 'Backspace' && text === '' && values.length > 0 && !isReadOnly)
                onValues(values.slice(0, -1))
            }}
          />
          <datalist id={`${id}-known`}>
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </span>
      )}
    </Field>
  )
}
