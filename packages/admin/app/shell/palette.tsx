import { Dialog, navigate, panelTitle, t, type PanelDescription } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'
import { useEffect, useId, useState } from 'preact/hooks'

const isOpen = signal(false)

/** Opens the command palette. */
export function openPalette(): void {
  isOpen.value = true
}

/** Goes to any page by name. Ctrl K, or the box that shows it. */
export function Palette({ panels }: { readonly panels: readonly PanelDescription[] }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      isOpen.value = true
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
  const places = [
    { to: '/', title: t('home') },
    ...panels.map((panel) => ({ to: panel.path, title: panelTitle(panel) })),
  ]
  const found = places.filter(({ title }) => fold(title).includes(fold(text)))
  const close = (): void => {
    isOpen.value = false
  }
  const go = (to: string): void => {
    close()
    navigate(to)
  }
  return (
    <Dialog title={t('search')} onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        aria-label={t('palette.label')}
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
            setAt((at + step + found.length) % Math.max(found.length, 1))
          }
          if (event.key === 'Enter' && found[at]) {
            event.preventDefault()
            go(found[at].to)
          }
        }}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={t('palette.label')} class="choices">
        {found.map(({ to, title }, place) => (
          <li
            key={to}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === at}
            onMouseDown={(event) => {
              event.preventDefault()
              go(to)
            }}
          >
            {title}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">{t('palette.none')}</p>}
    </Dialog>
  )
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
