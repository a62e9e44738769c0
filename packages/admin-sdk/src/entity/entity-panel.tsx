import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { BulkAction } from '../list/bulk-bar.tsx'
import { ColumnChoice } from '../list/column-choice.tsx'
import { ExportButton } from '../list/export-button.tsx'
import { FilterBar } from '../list/filter-bar.tsx'
import { listColumns, type ListColumn } from '../list/list-columns.tsx'
import {
  filterChange,
  filterFields,
  filterParameters,
  readFilters,
  type ListParameter,
} from '../list/list-filter.ts'
import { rowList } from '../list/list-rows.ts'
import { SavedViews, useSavedViews } from '../list/saved-views.tsx'
import { SearchBox } from '../list/search-box.tsx'
import { useShownColumns } from '../list/use-shown-columns.ts'
import { setQuery, usePlace } from '../navigation/place.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Icon } from '../ui/icon.tsx'
import { Page } from '../ui/page.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { t } from '../words/words.ts'
import type { DrawerProps } from './drawer-props.ts'
import { EntityDrawer } from './entity-drawer.tsx'
import { EntityForm } from './entity-form.tsx'
import { currentTab, tabChange, type ListTab } from './list-tabs.ts'
import { openRow } from './open-row.ts'
import { PanelRows } from './panel-rows.tsx'
import type { Row } from './show-value.tsx'

/** What a panel of an entity is made of; all but the entity and the title may be left out. */
export interface EntityPanelProps {
  readonly entity: EntityDescription
  readonly title: string
  /** Under which views and columns are kept. @default the entity's name */
  readonly panel?: string
  /** Those that the list shows at first, in their order; the entity's others can be chosen. */
  readonly columns?: readonly ListColumn[]
  /** How the list is sorted until somebody sorts it: `-placedAt`. @default the newest first */
  readonly sort?: string
  /** Parts of the list that stand above it. */
  readonly tabs?: readonly ListTab[]
  /** Parameters of the list beside its fields. */
  readonly parameters?: readonly ListParameter[]
  /** What can be done with chosen rows besides removing them. */
  readonly bulkActions?: readonly BulkAction[]
  /** The place that a row leads to. @default its drawer, `?open=<id>` */
  readonly rowLink?: (row: Row) => string
  /** Instead of the drawer that is drawn from the entity. */
  readonly drawer?: ComponentType<DrawerProps>
  /** Instead of the form that is drawn from the entity; null where rows are not made by hand. */
  readonly create?: ComponentType<{ readonly onClose: () => void }> | null
  /** Buttons beside those of the list. */
  readonly actions?: ComponentChildren
  /** What stands where there are no rows yet. */
  readonly empty?: ComponentChildren
}

/** The list of an entity with all that belongs to it, and a drawer for one row: all from what its plugin declared. */
export function EntityPanel(props: EntityPanelProps) {
  const { entity, title, panel = entity.name, tabs, parameters, actions } = props
  const { path: place, query } = usePlace()
  const { q = '', sort = props.sort ?? '', open } = query
  const fields = useMemo(() => filterFields(entity, parameters), [entity, parameters])
  const filters = readFilters(fields, query)
  const asked = new URLSearchParams([
    ...filterParameters(filters).map(([name, value]) => [name, value]),
    ...(q ? [['q', q]] : []),
    ...(sort ? [['sort', sort]] : []),
  ])
  asked.sort()
  const list = useMemo(() => rowList(entity.path, asked.toString()), [entity.path, asked.toString()])
  useEffect(() => {
    // Whoever comes back sees what was there at once, and what is there now a moment later.
    list.reload()
  }, [list])
  const { rows, total, isMore } = list.state.value
  const columns = useMemo(() => listColumns(entity, props.columns), [entity, props.columns])
  const views = useSavedViews(panel)
  const view = views?.find(({ id }) => id === query['view'])
  const { shown, isPicked, choose } = useShownColumns({ panel, columns, asked: query['columns'], view })

  const canCreate = props.create !== null && (props.create !== undefined || entity.routes.includes('create'))
  // The palette, first steps and links from elsewhere lead to the form by its address.
  const creating = canCreate && query['create'] !== undefined
  const setCreating = (isOpen: boolean): void => setQuery({ create: isOpen ? '1' : null })
  const isFiltered = q !== '' || filters.length > 0
  const clear = (): void =>
    setQuery(Object.assign({ q: null, view: null }, ...filters.map(({ field }) => filterChange(field))))
  const Drawer = props.drawer
  const Create = props.create
  const createButton = canCreate && (
    <button type="button" class="main" onClick={() => setCreating(true)}>
      <Icon name="plus" />
      {t('create')}
    </button>
  )
  const content = (
    <>
      <div class="tools">
        {entity.searchable && <SearchBox key={place} title={title} value={q} />}
        <FilterBar entity={entity} fields={fields} filters={filters} />
        {isFiltered && (
          <button type="button" class="plain" onClick={clear}>
            {t('filters.clear')}
          </button>
        )}
        <span class="grow" />
        <span class="quiet count" role="status">
          {total === undefined || (rows?.length === 0 && !isFiltered)
            ? ''
            : t(isMore ? 'rows.at_least' : 'rows', { count: total })}
        </span>
        {views && (
          <SavedViews
            panel={panel}
            path={place}
            views={views}
            current={view}
            query={asked.toString()}
            columns={isPicked ? shown : null}
          />
        )}
        <ColumnChoice columns={columns.all} shown={shown} onShown={choose} />
      </div>
      <PanelRows
        {...props}
        list={list}
        asked={asked.toString()}
        columns={shown.flatMap((name) => columns.all.find((column) => column.name === name) ?? [])}
        sort={sort}
        onSort={(next) => setQuery({ sort: next })}
        place={place}
        open={open}
        isFiltered={isFiltered}
        onClear={clear}
        createButton={createButton}
      />
    </>
  )
  return (
    <Page
      title={title}
      actions={
        <>
          {actions}
          <ExportButton
            entity={entity}
            parameters={asked}
            columns={isPicked ? shown : null}
            total={isMore ? Infinity : (total ?? Infinity)}
          />
          {createButton}
        </>
      }
    >
      {tabs ? (
        <Tabs
          label={title}
          tabs={tabs}
          current={currentTab(tabs, asked)}
          onChange={(id) => setQuery(tabChange(tabs, id))}
        >
          {content}
        </Tabs>
      ) : (
        content
      )}
      {open &&
        (Drawer ? (
          <Drawer key={open} {...openRow(rows, open)} />
        ) : (
          <EntityDrawer key={open} entity={entity} {...openRow(rows, open)} />
        ))}
      {creating &&
        (Create ? (
          <Create onClose={() => setCreating(false)} />
        ) : (
          <EntityForm entity={entity} row={null} onClose={() => setCreating(false)} />
        ))}
    </Page>
  )
}
