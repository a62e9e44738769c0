import { useRef, useState } from 'preact/hooks'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { t } from '../words/words.ts'

interface ColumnChoiceProps {
  readonly columns: readonly { readonly name: string; readonly label: string }[]
  readonly shown: readonly string[]
  /** Null: as at first. */
  readonly onShown: (names: readonly string[] | null) => void
}

/** Which columns a list shows. */
export function ColumnChoice({ columns, shown, onShown }: ColumnChoiceProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const toggle = (name: string, on: boolean): void =>
    onShown(columns.map((one) => one.name).filter((one) => (one === name ? on : shown.includes(one))))
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="columns" />
        {t('columns')}
      </button>
      {isOpen && (
        <Popover anchor={button} label={t('columns')} class="column-choice" onClose={() => setOpen(false)}>
          <fieldset>
            <legend class="unseen">{t('columns')}</legend>
            {columns.map(({ name, label }, place) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  checked={shown.includes(name)}
                  // The first one names the row, and leads to it.
                  disabled={place === 0}
                  onChange={(event) => toggle(name, event.currentTarget.checked)}
                />
                {label}
              </label>
            ))}
          </fieldset>
          <button type="button" class="plain" onClick={() => onShown(null)}>
            {t('columns.reset')}
          </button>
        </Popover>
      )}
    </>
  )
}
