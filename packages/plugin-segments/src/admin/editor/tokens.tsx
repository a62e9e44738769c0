import { Icon, t } from '@clientele/admin-sdk'
import { useId, useRef, useState } from 'preact/hooks'
import { Suggestions, type ControlProps } from './controls.tsx'

interface TokensProps extends ControlProps<readonly unknown[]> {
  readonly suggestions?: readonly string[]
  readonly isNumber?: boolean
  readonly labelOf?: (value: unknown) => string
}

/** A list of texts or numbers: Enter or a comma adds one, Backspace in the empty field takes the last out. */
export function Tokens({
  label,
  value,
  onValue,
  suggestions = [],
  isNumber = false,
  labelOf = String,
}: TokensProps) {
  const [text, setText] = useState('')
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const add = (typed: string): void => {
    const parts = typed.split(',').map((part) => part.trim())
    const given = parts
      .filter((part) => part !== '' && !(isNumber && Number.isNaN(Number(part))))
      .map((part) => (isNumber ? Number(part) : part))
    setText('')
    const next = [...value, ...given.filter((one) => !value.includes(one))]
    if (next.length > value.length) onValue(next)
  }
  return (
    <span class="tokens" data-missing={(value.length === 0 && text === '') || undefined}>
      {value.map((one, at) => (
        <span key={String(one)} class="token">
          {labelOf(one)}
          <button
            type="button"
            class="plain icon"
            aria-label={t('segments.value.remove', { value: labelOf(one) })}
            onClick={() => {
              onValue(value.toSpliced(at, 1))
              input.current?.focus()
            }}
          >
            <Icon name="x" />
          </button>
        </span>
      ))}
      <input
        ref={input}
        type="text"
        aria-label={label}
        placeholder={value.length === 0 ? label : t('segments.value.or')}
        value={text}
        onInput={(event) => {
          const { value: typed } = event.currentTarget
          const isPicked = (event as InputEvent).inputType === 'insertReplacementText'
          if (typed.includes(',') || isPicked) add(typed)
          else setText(typed)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && text !== '') {
            event.preventDefault()
            add(text)
          }
          if (event.key === 'Backspace' && text === '' && value.length > 0) onValue(value.slice(0, -1))
        }}
        onBlur={() => text !== '' && add(text)}
        {...(suggestions.length > 0 ? { list: id } : {})}
      />
      {suggestions.length > 0 && <Suggestions id={id} values={suggestions} />}
    </span>
  )
}
