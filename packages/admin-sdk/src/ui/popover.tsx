import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

interface PopoverProps {
  /** What it belongs to: it stands below, or above where there is no room. */
  readonly anchor: { readonly current: HTMLElement | null }
  /** Escape, a click elsewhere, or Tab out of it. */
  readonly onClose: () => void
  /** What it is, for those who do not see it. */
  readonly label?: string
  readonly role?: 'dialog' | 'menu' | 'listbox'
  readonly id?: string
  readonly class?: string
  readonly children: ComponentChildren
}

/** Something small that stands above the page, beside what it belongs to. Closing it returns the focus there. */
export function Popover({ anchor, onClose, label, role = 'dialog', id, class: own, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const popover = ref.current!
    popover.showPopover()
    // At once: what somebody types on must not go to what is beneath.
    if (role === 'dialog')
      (
        popover.querySelector<HTMLElement>('input:not(:disabled)') ??
        popover.querySelector<HTMLElement>('select, textarea, button')
      )?.focus()
    const place = (): void => stand(popover, anchor.current)
    place()
    const watch = new ResizeObserver(place)
    watch.observe(popover)
    addEventListener('scroll', place, true)
    addEventListener('resize', place)
    return () => {
      watch.disconnect()
      removeEventListener('scroll', place, true)
      removeEventListener('resize', place)
    }
  }, [])
  useEffect(() => {
    const outside = (event: Event): void => {
      const target = event.target as Node
      if (!ref.current?.contains(target) && !anchor.current?.contains(target)) close.current()
    }
    addEventListener('pointerdown', outside, true)
    addEventListener('focusin', outside, true)
    return () => {
      removeEventListener('pointerdown', outside, true)
      removeEventListener('focusin', outside, true)
    }
  }, [])
  return (
    <div
      ref={ref}
      popover="manual"
      role={role}
      id={id}
      aria-label={label}
      class={own ? `popover ${own}` : 'popover'}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        anchor.current?.focus()
        onClose()
      }}
    >
      {children}
    </div>
  )
}

const GAP = 4

/** Below the anchor and inside the window, whichever way the text runs. */
function stand(popover: HTMLElement, anchor: HTMLElement | null): void {
  if (!anchor) return
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const isRight = getComputedStyle(anchor).direction === 'rtl'
  const left = isRight ? at.right - width : at.left
  const below = innerHeight - at.bottom
  const top = below < height + GAP && at.top > below ? at.top - height - GAP : at.bottom + GAP
  popover.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`
  popover.style.top = `${Math.max(8, top)}px`
  popover.style.minWidth = `${Math.min(at.width, innerWidth - 16)}px`
}
