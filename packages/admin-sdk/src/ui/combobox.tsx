import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { fold } from '../words/fold.ts'
import { t } from '../words/words.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'

/** One of the things to choose from. */
export interface Option {
  readonly value: string
  readonly label: string
  /** A second line. */
  readonly hint?: string
}

interface ComboboxProps {
  readonly label: string
  readonly value: string | null
  /** What the chosen value is called; while it is not known the value is shown. */
  readonly valueLabel?: string | undefined
  /** All there is to choose from, or a search for what was typed. */
  readonly options: readonly Option[] | ((text: string, signal: AbortSignal) => Promise<readonly Option[]>)
  /** Null: none. */
  readonly onValue: (value: string | null, option?: Option) => void
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly required?: boolean
}

/** A choice among many: typing searches, arrows walk, Enter takes, Escape closes. */
export function Combobox({
  label,
  value,
  valueLabel,
  options,
  onValue,
  error,
  hint,
  required,
}: ComboboxProps) {
  const [text, setText] = useState<string | null>(null)
  const [at, setAt] = useState(0)
  const found = useOptions(options, text)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const isOpen = text !== null
  const shown = found.options
  const close = (): void => {
    setText(null)
    setAt(0)
  }
  const take = (option: Option | undefined): void => {
    if (!option) return
    onValue(option.value, option)
    close()
  }
  const current = Array.isArray(options) ? options.find((one) => one.value === value)?.label : undefined
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <span class="combobox">
          <input
            {...control}
            ref={input}
            type="text"
            role="combobox"
            autocomplete="off"
            required={required}
            aria-expanded={isOpen}
            aria-controls={isOpen ? `${id}-list` : undefined}
            aria-activedescendant={isOpen && shown[at] ? `${id}-${at}` : undefined}
            value={text ?? valueLabel ?? current ?? value ?? ''}
            onClick={() => text === null && setText('')}
            onInput={(event) => {
              setText(event.currentTarget.value)
              setAt(0)
            }}
            onBlur={close}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
              if (step !== 0) {
                event.preventDefault()
                if (isOpen) setAt((at + step + shown.length) % Math.max(1, shown.length))
                else setText('')
              } else if (event.key === 'Enter' && isOpen) {
                event.preventDefault()
                take(shown[at])
              } else if (event.key === 'Escape' && isOpen) {
                event.preventDefault()
                event.stopPropagation()
                close()
              }
            }}
          />
          {value !== null && !required && (
            <button
              type="button"
              class="plain icon"
              aria-label={`${t('remove')}: ${label}`}
              onClick={() => {
                onValue(null)
                input.current?.focus()
              }}
            >
              <Icon name="x" />
            </button>
          )}
          {isOpen && (
            <Popover
              anchor={input}
              role="listbox"
              id={`${id}-list`}
              label={label}
              class="choices"
              onClose={close}
            >
              {shown.map((option, place) => (
                <div
                  key={option.value}
                  id={`${id}-${place}`}
                  role="option"
                  aria-selected={place === at}
                  onPointerDown={(event) => {
                    // The field keeps the focus, and so the list stays until the choice is taken.
                    event.preventDefault()
                    take(option)
                  }}
                >
                  {option.label}
                  {option.hint && <small class="quiet">{option.hint}</small>}
                </div>
              ))}
              {shown.length === 0 && (
                <div role="option" aria-disabled="true" aria-selected={false} class="quiet">
                  {found.problem ?? t(found.isLoading ? 'combobox.loading' : 'combobox.none')}
                </div>
              )}
            </Popover>
          )}
        </span>
      )}
    </Field>
  )
}

interface Found {
  readonly options: readonly Option[]
  readonly isLoading: boolean
  readonly problem?: string
}

/** What matches a text; a search waits until somebody pauses, and drops what was asked before. */
function useOptions(options: ComboboxProps['options'], text: string | null): Found {
  const [found, setFound] = useState<Found>({ options: [], isLoading: true })
  const isSearch = typeof options === 'function'
  useEffect(() => {
    if (!isSearch || text === null) return
    const abort = new AbortController()
    setFound((before) => ({ options: before.options, isLoading: true }))
    const timer = setTimeout(
      () => {
        options(text, abort.signal).then(
          (next) => setFound({ options: next, isLoading: false }),
          (error: Error) =>
            error.name !== 'AbortError' &&
            setFound({ options: [], isLoading: false, problem: error.message }),
        )
      },
      text === '' ? 0 : 200,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [isSearch, text])
  if (isSearch) return found
  const wanted = fold(text ?? '')
  const fitting = options.filter(({ label }) => fold(label).includes(wanted))
  // What begins so stands before what only has it somewhere.
  const [begin, rest] = [true, false].map((is) =>
    fitting.filter(({ label }) => fold(label).startsWith(wanted) === is),
  )
  return { options: [...begin!, ...rest!], isLoading: false }
}
