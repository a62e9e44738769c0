import { Dialog, Icon, navigate, t, type PanelDescription } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'
import { useEffect, useId, useState } from 'preact/hooks'
import { choicesOf, matching, type Choice } from './choices.ts'
import { useRecords } from './found-records.ts'

const isOpen = signal(false)

/** Opens the command palette. */
export function openPalette(): void {
  isOpen.value = true
}

/** Goes to any page, makes what is new, finds records, by a few letters. Ctrl K, or the box that shows it. */
export function Palette({ panels }: { readonly panels: readonly PanelDescription[] }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      isOpen.value = !isOpen.peek()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return isOpen.value ? <Choices panels={panels} /> : null
}

function Choices({ panels }: { readonly panels: readonly PanelDescription[] }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const { records, isLoading } = useRecords(text, panels)
  const found: readonly Choice[] = [
    ...matching(choicesOf(panels), text),
    ...records.map((one): Choice => ({
      id: `record:${one.to}`,
      title: one.title,
      icon: one.panel.icon ?? 'dot',
      group: 'records',
      run: () => navigate(one.to),
    })),
  ]
  const close = (): void => {
    isOpen.value = false
  }
  const choose = ({ run }: Choice): void => {
    close()
    run()
  }
  const now = Math.min(at, found.length - 1)
  useEffect(() => document.getElementById(`${id}-${now}`)?.scrollIntoView({ block: 'nearest' }), [now])
  return (
    <Dialog title={t('palette')} onClose={close}>
      <div class="palette">
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={now >= 0 ? `${id}-${now}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('palette.placeholder')}
          autocomplete="off"
          spellcheck={false}
          autoFocus
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
            if (step !== 0) {
              event.preventDefault()
              setAt((now + step + found.length) % Math.max(found.length, 1))
            }
            if (event.key === 'Enter' && found[now]) {
              event.preventDefault()
              choose(found[now])
            }
          }}
        />
        <div id={`${id}-list`} role="listbox" aria-label={t('palette.label')} class="found">
          {found.map((choice, place) => (
            <Shown
              key={choice.id}
              id={`${id}-${place}`}
              choice={choice}
              isFirst={found[place - 1]?.group !== choice.group}
              isNow={place === now}
              onPoint={() => setAt(place)}
              onChoose={() => choose(choice)}
            />
          ))}
        </div>
        <p class="quiet" role="status">
          {isLoading ? t('palette.looking') : found.length === 0 ? t('palette.none') : ''}
        </p>
      </div>
    </Dialog>
  )
}

function Shown({
  id,
  choice: { title, icon, group },
  isFirst,
  isNow,
  onPoint,
  onChoose,
}: {
  readonly id: string
  readonly choice: Choice
  readonly isFirst: boolean
  readonly isNow: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}) {
  return (
    <>
      {isFirst && (
        <p class="group" role="presentation">
          {t(`palette.${group}`)}
        </p>
      )}
      <div
        id={id}
        role="option"
        aria-selected={isNow}
        onMouseMove={() => isNow || onPoint()}
        onMouseDown={(event) => {
          event.preventDefault()
          onChoose()
        }}
      >
        <Icon name={icon} />
        {title}
      </div>
    </>
  )
}
