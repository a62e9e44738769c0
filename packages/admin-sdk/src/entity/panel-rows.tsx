import type { ComponentChildren } from 'preact'
import { BulkBar } from '../list/bulk-bar.tsx'
import type { RowList } from '../list/list-rows.ts'
import { rowName } from '../list/row-names.ts'
import { VirtualTable, type VirtualColumn } from '../list/virtual-table.tsx'
import { navigate } from '../navigation/place.ts'
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx'
import { t } from '../words/words.ts'
import type { EntityPanelProps } from './entity-panel.tsx'
import { drawerPlace, openDrawer } from './open-row.ts'
import type { Row } from './show-value.tsx'

interface PanelRowsProps extends Pick<
  EntityPanelProps,
  'entity' | 'title' | 'bulkActions' | 'rowLink' | 'empty'
> {
  readonly list: RowList
  /** What the list was asked for. */
  readonly asked: string
  readonly columns: readonly VirtualColumn<Row>[]
  readonly sort: string
  readonly onSort: (sort: string) => void
  /** Of the panel. */
  readonly place: string
  /** The row whose drawer is open. */
  readonly open: string | undefined
  readonly isFiltered: boolean
  readonly onClear: () => void
  /** Makes the first row. */
  readonly createButton: ComponentChildren
}

/** The rows of a list with what can be done with those chosen, or why there are none. */
export function PanelRows(props: PanelRowsProps) {
  const { entity, title, list, isFiltered, onClear, createButton } = props
  const { rows, error } = list.state.value
  if (rows === undefined)
    return error ? <ErrorState error={error} retry={() => list.reload()} /> : <Loading />
  if (rows.length > 0) return <Rows {...props} rows={rows} />
  if (isFiltered)
    return (
      <EmptyState
        title={t('empty.filtered')}
        action={
          <button type="button" onClick={onClear}>
            {t('filters.clear')}
          </button>
        }
      >
        {t('empty.filtered.text')}
      </EmptyState>
    )
  return (
    <>
      {props.empty ?? (
        <EmptyState title={t('empty', { what: title })} action={createButton}>
          {entity.help}
        </EmptyState>
      )}
    </>
  )
}

function Rows(props: PanelRowsProps & { readonly rows: readonly Row[] }) {
  const { entity, title, list, asked, columns, sort, onSort, place, open, rowLink, rows } = props
  const { bulkActions = [] } = props
  const { total, isMore, isLoading, error } = list.state.value
  const chosen = list.chosen.value
  const canChoose = bulkActions.length > 0 || entity.routes.includes('remove')
  return (
    <div>
      {error && (
        <p class="wrong note" role="alert">
          {t('list.stale', { reason: error.message })}{' '}
          <button type="button" onClick={() => list.reload()}>
            {t('retry')}
          </button>
        </p>
      )}
      <VirtualTable
        key={`${entity.path}?${asked}`}
        label={title}
        columns={columns}
        rows={rows}
        keyOf={(row) => String(row['id'])}
        nameOf={(row) => rowName(entity, row)}
        linkOf={rowLink ?? ((row) => drawerPlace(place, String(row['id'])))}
        onOpen={(row) => (rowLink ? navigate(rowLink(row)) : openDrawer(row))}
        sort={sort}
        onSort={onSort}
        {...(canChoose ? { chosen, onChoose: (next) => void (list.chosen.value = next) } : {})}
        total={isMore ? -1 : (total ?? -1)}
        isBusy={isLoading}
        top={list.top}
        onScroll={(top) => void (list.top = top)}
        onEnd={() => error === undefined && list.more()}
        current={open}
      />
      {chosen.size > 0 && (
        <BulkBar
          entity={entity}
          rows={rows.filter((row) => chosen.has(String(row['id'])))}
          actions={bulkActions}
          onClear={() => void (list.chosen.value = new Set())}
        />
      )}
    </div>
  )
}
