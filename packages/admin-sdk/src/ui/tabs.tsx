import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { fmt } from '../words/words.ts'

/** One of several views of the same thing. */
export interface Tab {
  readonly id: string
  readonly label: string
  /** How much lies behind it. */
  readonly count?: number | string | undefined
}

interface TabsProps {
  /** What they divide, for those who do not see it. */
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly onChange: (id: string) => void
  /** What the current tab shows. */
  readonly children?: ComponentChildren
}

/** A row of tabs and what the current one shows. Arrow keys walk them, Home and End jump; keep the choice in the address. */
export function Tabs({ label, tabs, current, onChange, children }: TabsProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Narrow windows scroll the row of tabs, not the page.
    list
      .current!.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  const walk = (event: KeyboardEvent): void => {
    const isRight = getComputedStyle(list.current!).direction === 'rtl'
    const steps: Record<string, number> = {
      ArrowRight: isRight ? -1 : 1,
      ArrowLeft: isRight ? 1 : -1,
      Home: -tabs.length,
      End: tabs.length,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = tabs.findIndex((tab) => tab.id === current)
    const next =
      Math.abs(step) === 1
        ? (at + step + tabs.length) % tabs.length
        : Math.max(0, Math.min(tabs.length - 1, at + step))
    onChange(tabs[next]!.id)
    list.current!.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} class="tabs" onKeyDown={walk}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === current}
            aria-controls={tab.id === current ? `${id}-panel` : undefined}
            tabIndex={tab.id === current ? 0 : -1}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && (
              <span class="badge">{typeof tab.count === 'number' ? fmt.number(tab.count) : tab.count}</span>
            )}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </>
  )
}
