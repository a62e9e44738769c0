import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ApiError } from '../api/call.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx'
import { t } from '../words/words.ts'
import type { DrawerProps } from './drawer-props.ts'

/** What the frame of a list's drawer is made of. */
export interface ListDrawerProps extends Omit<DrawerProps, 'row'> {
  /** What the row is called; undefined while that is not known. */
  readonly title: string | undefined
  /** Why there is nothing to show. */
  readonly error?: ApiError | undefined
  readonly retry?: () => void
  /** Buttons at its foot, beside those that go to the neighbours. */
  readonly actions?: ComponentChildren
  /** Drawn once the row is there. */
  readonly children?: ComponentChildren
}

/**
 * The drawer of a list, without what it says of its row: the title, J and K and buttons to the neighbours, the focus
 * back to the row, and what is shown while the row is loaded, gone or out of reach.
 */
export function ListDrawer({
  id,
  title,
  error,
  retry,
  actions,
  children,
  onClose,
  onPrevious,
  onNext,
}: ListDrawerProps) {
  useNeighbourKeys({ onPrevious, onNext })
  return (
    <Dialog
      side
      title={title ?? t(error ? 'drawer.unknown' : 'loading')}
      onClose={onClose}
      returnTo={() => rowLink(id)}
      actions={
        <>
          <span class="neighbours">
            <button
              type="button"
              class="plain icon"
              aria-label={t('drawer.previous')}
              title="K"
              disabled={!onPrevious}
              onClick={onPrevious}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              class="plain icon"
              aria-label={t('drawer.next')}
              title="J"
              disabled={!onNext}
              onClick={onNext}
            >
              <Icon name="down" />
            </button>
          </span>
          {title !== undefined && actions}
        </>
      }
    >
      {title !== undefined ? (
        children
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <EmptyState title={t('drawer.gone')}>{t('drawer.gone.text')}</EmptyState>
      ) : (
        <ErrorState error={error} {...(retry ? { retry } : {})} />
      )}
    </Dialog>
  )
}

/** The link of a row in the list behind the drawer: it gets the focus back, however the drawer was opened. */
function rowLink(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"] .row-link`)
}

/** J goes to the next row of the list behind a drawer, K to the one before, while nobody types or is asked. */
function useNeighbourKeys({ onPrevious, onNext }: Pick<DrawerProps, 'onPrevious' | 'onNext'>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const go = event.key === 'j' ? onNext : event.key === 'k' ? onPrevious : undefined
      if (!go || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target as HTMLElement
      if (target.closest('input, textarea, select, [contenteditable], [role="menu"], .dialog')) return
      event.preventDefault()
      go()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [onPrevious, onNext])
}
