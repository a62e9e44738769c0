import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../words/words.ts'
import { Icon } from './icon.tsx'
import { openDialogs } from './open-dialogs.ts'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren
  /** What gets the focus when it closes. @default what had it before, else the page */
  readonly returnTo?: () => HTMLElement | null | undefined
  /** A drawer at the side, which leaves the page beneath it in view. @default false */
  readonly side?: boolean
}

/** A modal dialog. The browser keeps the focus inside, closes it on Escape and returns the focus. */
export function Dialog({ title, onClose, children, actions, returnTo, side = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  const back = useRef(returnTo)
  back.current = returnTo
  // At once: what somebody types on must not go to the page beneath.
  useLayoutEffect(() => {
    const dialog = ref.current!
    const before = document.activeElement as HTMLElement | null
    dialog.showModal()
    openDialogs.value = [...openDialogs.peek(), dialog]
    return () => {
      dialog.close()
      openDialogs.value = openDialogs.peek().filter((one) => one !== dialog)
      // Whoever opened it may be gone by now, or it was opened by an address: the focus never falls out of the page.
      const places = [
        back.current?.(),
        before === document.body ? null : before,
        document.querySelector('main'),
      ]
      places
        .find((place): place is HTMLElement => place?.isConnected === true)
        ?.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class={side ? 'drawer' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => event.target === ref.current && onClose()}
    >
      <div class="sheet">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="plain icon" aria-label={t('close')} onClick={onClose}>
            <Icon name="x" />
          </button>
        </header>
        <div class="content">{children}</div>
        {actions && <footer>{actions}</footer>}
      </div>
    </dialog>
  )
}
