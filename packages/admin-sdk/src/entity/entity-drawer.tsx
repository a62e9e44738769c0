import { useState } from 'preact/hooks'
import { call } from '../api/call.ts'
import { invalidate, useQuery } from '../api/use-query.ts'
import { setQuery } from '../navigation/place.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Slot } from '../panel/slot.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { ErrorState, Loading } from '../ui/states.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import { EntityForm } from './entity-form.tsx'
import { fieldTitle } from './names.ts'
import { showValue, valueAt, type Row } from './show-value.tsx'

/** One row beside its list; its id stands in the address. */
export function EntityDrawer({ entity, id }: { readonly entity: EntityDescription; readonly id: string }) {
  const [editing, setEditing] = useState(false)
  const { data: row, error, reload } = useQuery<Row>(`${entity.path}/${id}`)
  const close = (): void => setQuery({ open: null })
  const remove = async (): Promise<void> => {
    await call(`${entity.path}/${id}`, { method: 'DELETE' })
    invalidate(entity.path)
    close()
    toast(t('removed', { count: 1 }))
  }
  if (editing && row) return <EntityForm entity={entity} row={row} onClose={() => setEditing(false)} />
  const title = row ? String(row[entity.label] ?? id.slice(-8)) : t('loading')
  return (
    <Dialog
      side
      title={title}
      onClose={close}
      actions={
        entity.writable &&
        row && (
          <>
            <button type="button" onClick={() => void remove()}>
              <Icon name="trash" />
              {t('remove')}
            </button>
            <button type="button" class="main" onClick={() => setEditing(true)}>
              {t('edit')}
            </button>
          </>
        )
      }
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : row === undefined ? (
        <Loading />
      ) : (
        <>
          <dl class="facts">
            {entity.fields.map((field) => {
              const shown = showValue(field, valueAt(row, field.name))
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
    </Dialog>
  )
}
