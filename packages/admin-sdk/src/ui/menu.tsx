import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'

/** One thing that a menu does. */
export interface MenuItem {
  readonly id: string
  readonly label: string
  readonly icon?: string
  readonly onSelect: () => void
  /** For one that is on or off, or one of several. */
  readonly isChecked?: boolean
  readonly isDisabled?: boolean
  /** A line stands before it. */
  readonly isSeparated?: boolean
  /** A heading before it. */
  readonly heading?: string
}

interface MenuProps {
  /** What the button says. */
  readonly label: ComponentChildren
  /** What it is for, when the label alone does not say. */
  readonly title?: string | undefined
  readonly icon?: string
  readonly items: readonly MenuItem[]
  /** Of the button: `plain`, `main`. */
  readonly class?: string
}

/** A button that opens a menu: arrows walk it, letters jump, Escape closes it. */
export function Menu({ label, title, icon, items, class: own }: MenuProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        class={own}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={title}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {icon && <Icon name={icon} />}
        {label}
        <Icon name="down" />
      </button>
      {isOpen && (
        <Items
          anchor={button}
          label={title ?? (typeof label === 'string' ? label : '')}
          items={items}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

function Items({
  anchor,
  label,
  items,
  onClose,
}: {
  readonly anchor: { readonly current: HTMLButtonElement | null }
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly onClose: () => void
}) {
  const list = useRef<HTMLDivElement>(null)
  const entries = (): HTMLElement[] => [...list.current!.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  useLayoutEffect(() => entries()[0]?.focus(), [])
  const hasIcons = items.some(({ icon, isChecked }) => icon !== undefined || isChecked !== undefined)
  const move = (event: KeyboardEvent): void => {
    const all = entries()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next = nextOf(event.key, at, all)
    if (event.key === 'Tab') return anchor.current?.focus() ?? onClose()
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
  return (
    <Popover anchor={anchor} role="menu" label={label} class="menu-items" onClose={onClose}>
      <div ref={list} role="presentation" onKeyDown={move}>
        {items.map(({ id, label: text, icon, onSelect, isChecked, isDisabled, isSeparated, heading }) => (
          <div key={id} role="presentation">
            {isSeparated && <hr />}
            {heading && (
              <p class="heading" role="presentation">
                {heading}
              </p>
            )}
            <button
              type="button"
              role={isChecked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={isChecked}
              aria-disabled={isDisabled}
              tabIndex={-1}
              onClick={() => {
                if (isDisabled) return
                anchor.current?.focus()
                onClose()
                onSelect()
              }}
            >
              {icon || isChecked ? <Icon name={icon ?? 'check'} /> : hasIcons && <span class="no-icon" />}
              {text}
            </button>
          </div>
        ))}
      </div>
    </Popover>
  )
}

function nextOf(key: string, at: number, all: readonly HTMLElement[]): HTMLElement | undefined {
  if (key === 'ArrowDown') return all[(at + 1) % all.length]
  if (key === 'ArrowUp') return all[(at - 1 + all.length) % all.length]
  if (key === 'Home') return all[0]
  if (key === 'End') return all.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const letter = key.toLowerCase()
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) =>
    one.textContent.trim().toLowerCase().startsWith(letter),
  )
}
