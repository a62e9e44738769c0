import { useEffect, useState } from 'preact/hooks'
import { useQuery } from '../api/use-query.ts'
import { removeRows } from '../list/bulk-bar.tsx'
import { rowName } from '../list/row-names.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Slot } from '../panel/slot.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx'
import { t } from '../words/words.ts'
import { EntityForm } from './entity-form.tsx'
import type { DrawerProps } from './entity-panel.tsx'
import { fieldTitle } from './names.ts'
import { showValue, valueAt, type Row } from './show-value.tsx'

/** One row beside its list; its id stands in the address. J and K go to its neighbours. */
export function EntityDrawer({
  entity,
  id,
  row: listed,
  onClose,
  onPrevious,
  onNext,
}: DrawerProps & { readonly entity: EntityDescription }) {
  const [editing, setEditing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const asked = useQuery<Row>(entity.routes.includes('get') ? `${entity.path}/${id}` : null)
  const row = asked.data ?? listed
  useNeighbourKeys(editing ? {} : { onPrevious, onNext })
  const remove = async (): Promise<void> => {
    await removeRows(entity, [id])
    onClose()
  }
  if (editing && row) return <EntityForm entity={entity} row={row} onClose={() => setEditing(false)} />
  const { routes, undo } = entity
  return (
    <Dialog
      side
      title={row ? rowName(entity, row) : t('loading')}
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
          {row && routes.includes('remove') && (
            <button type="button" onClick={() => (undo ? void remove() : setAsking(true))}>
              <Icon name="trash" />
              {t('remove')}
            </button>
          )}
          {row && routes.includes('update') && (
            <button type="button" class="main" onClick={() => setEditing(true)}>
              {t('edit')}
            </button>
          )}
        </>
      }
    >
      {asked.error && !row ? (
        asked.error.status === 404 ? (
          <EmptyState title={t('drawer.gone')}>{t('drawer.gone.text')}</EmptyState>
        ) : (
          <ErrorState error={asked.error} retry={asked.reload} />
        )
      ) : row === undefined ? (
        <Loading />
      ) : (
        <>
          <dl class="facts">
            {entity.fields.map((field) => {
              const shown = showValue(field, valueAt(row, field.name), entity.name)
              return (
                shown !== null && (
                  <div key={field.name}>
                    <dt>{fieldTitle(entity.name, field.name)}</dt>
                    <dd>{shown}</dd>
                  </div>
                )
              )
            })}
          </dl>
          <Slot name={`${entity.name}.details`} id={id} row={row} />
        </>
      )}
      {isAsking && (
        <Confirm
          title={t('bulk.remove', { count: 1 })}
          action={t('remove')}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p>{t('bulk.remove.text')}</p>
        </Confirm>
      )}
    </Dialog>
  )
}

/** The link of a row in the list behind the drawer: it gets the focus back, however the drawer was opened. */
export function rowLink(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"] .row-link`)
}

/** J goes to the next row of the list behind a drawer, K to the one before, while nobody types. */
export function useNeighbourKeys({ onPrevious, onNext }: Pick<DrawerProps, 'onPrevious' | 'onNext'>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const go = event.key === 'j' ? onNext : event.key === 'k' ? onPrevious : undefined
      if (!go || event.ctrlKey || event.metaKey || event.altKey) return
      if ((event.target as HTMLElement).closest('input, textarea, select, [contenteditable]')) return
      event.preventDefault()
      go()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [onPrevious, onNext])
}
