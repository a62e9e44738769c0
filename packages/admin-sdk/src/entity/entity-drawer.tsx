import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useQuery } from '../api/use-query.ts'
import { removeRows } from '../list/bulk-bar.tsx'
import { rowName } from '../list/row-names.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Slot } from '../panel/slot.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { t } from '../words/words.ts'
import { EntityForm } from './entity-form.tsx'
import type { DrawerProps } from './drawer-props.ts'
import { ListDrawer } from './list-drawer.tsx'
import { fieldTitle } from './names.ts'
import { showValue, valueAt, type Row } from './show-value.tsx'

/** What a drawer shows; all but the row may be left out. */
export interface EntityDrawerProps extends DrawerProps {
  readonly entity: EntityDescription
  /** @default what the row is called */
  readonly title?: (row: Row) => string
  /** What it shows of the row. @default all of its fields, then the slot `<entity>.details` */
  readonly children?: (row: Row) => ComponentChildren
  /** Buttons before its own. */
  readonly actions?: (row: Row) => ComponentChildren
}

/** One row beside its list; its id stands in the address. J and K go to its neighbours. */
export function EntityDrawer({
  entity,
  id,
  row: listed,
  onClose,
  onPrevious,
  onNext,
  title = (row) => rowName(entity, row),
  children = (row) => <Facts entity={entity} row={row} />,
  actions,
}: EntityDrawerProps) {
  const [editing, setEditing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const asked = useQuery<Row>(entity.routes.includes('get') ? `${entity.path}/${id}` : null)
  const row = asked.data ?? listed
  const remove = async (): Promise<void> => {
    await removeRows(entity, [id])
    onClose()
  }
  if (editing && row)
    return (
      <EntityForm
        entity={entity}
        row={row}
        title={`${t('edit')}: ${title(row)}`}
        onClose={() => setEditing(false)}
      />
    )
  const { routes, undo } = entity
  return (
    <ListDrawer
      id={id}
      title={row && title(row)}
      error={asked.error}
      retry={asked.reload}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
      actions={
        <>
          {row && actions?.(row)}
          {routes.includes('remove') && (
            <button type="button" onClick={() => (undo ? void remove() : setAsking(true))}>
              <Icon name="trash" />
              {t('remove')}
            </button>
          )}
          {routes.includes('update') && (
            <button type="button" class="main" onClick={() => setEditing(true)}>
              {t('edit')}
            </button>
          )}
        </>
      }
    >
      {row && children(row)}
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
    </ListDrawer>
  )
}

function Facts({ entity, row }: { readonly entity: EntityDescription; readonly row: Row }) {
  return (
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
      <Slot name={`${entity.name}.details`} id={String(row['id'])} row={row} />
    </>
  )
}
