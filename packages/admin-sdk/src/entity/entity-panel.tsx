import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { BulkBar, type BulkAction } from '../list/bulk-bar.tsx'
import { ColumnChoice } from '../list/column-choice.tsx'
import { ExportButton } from '../list/export-button.tsx'
import { FilterBar } from '../list/filter-bar.tsx'
import { keepColumns, keptColumns } from '../list/kept-columns.ts'
import { listColumns, type ListColumn } from '../list/list-columns.tsx'
import {
  filterChange,
  filterFields,
  filterParameters,
  readFilters,
  type ListParameter,
} from '../list/list-filter.ts'
import { rowList } from '../list/list-rows.ts'
import { rowName } from '../list/row-names.ts'
import { SavedViews, useSavedViews } from '../list/saved-views.tsx'
import { SearchBox } from '../list/search-box.tsx'
import { VirtualTable } from '../list/virtual-table.tsx'
import { navigate, setQuery, usePlace } from '../navigation/place.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Icon } from '../ui/icon.tsx'
import { Page } from '../ui/page.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { t } from '../words/words.ts'
import { EntityDrawer } from './entity-drawer.tsx'
import { EntityForm } from './entity-form.tsx'
import type { Row } from './show-value.tsx'

/** What a drawer of a list is given. */
export interface DrawerProps {
  readonly id: string
  /** As the list has it; undefined while it is not among the rows that are loaded. */
  readonly row: Row | undefined
  readonly onClose: () => void
  /** Opens the neighbour in the list; undefined where there is none. */
  readonly onPrevious?: (() => void) | undefined
  readonly onNext?: (() => void) | undefined
}

/** A part of a list that people often want: its filters under a name. */
export interface ListTab {
  readonly id: string
  readonly label: string
  /** Parameters of the list: `{ state: 'paid' }`. */
  readonly query: Readonly<Record<string, string>>
  readonly count?: number | undefined
}

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
  const { entity, title, panel = entity.name, tabs, parameters, bulkActions = [], actions } = props
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
  const { rows, total, isMore, isLoading, error } = list.state.value
  const chosen = list.chosen.value
  const box = useRef<HTMLDivElement>(null)

  const columns = useMemo(() => listColumns(entity, props.columns), [entity, props.columns])
  const views = useSavedViews(panel)
  const view = views?.find(({ id }) => id === query['view'])
  const [personal, setPersonal] = useState(() => keptColumns(panel))
  const picked = query['columns']?.split(',') ?? view?.columns ?? personal
  const shown = (picked ?? columns.first).filter((name) => columns.all.some((column) => column.name === name))
  const chooseColumns = (names: readonly string[] | null): void => {
    // Those of a view are part of its address until they are saved with it.
    if (view) return setQuery({ columns: names?.join(',') ?? null })
    keepColumns(panel, names)
    setPersonal(names)
  }

  const canCreate = props.create !== null && (props.create !== undefined || entity.routes.includes('create'))
  // The palette, first steps and links from elsewhere lead to the form by its address.
  const creating = canCreate && query['create'] !== undefined
  const setCreating = (isOpen: boolean): void => setQuery({ create: isOpen ? '1' : null })
  const canChoose = bulkActions.length > 0 || entity.routes.includes('remove')
  const isFiltered = q !== '' || filters.length > 0
  const clear = (): void =>
    setQuery(Object.assign({ q: null, view: null }, ...filters.map(({ field }) => filterChange(field))))
  const at = rows?.findIndex((row) => String(row['id']) === open) ?? -1
  const step = (by: number): (() => void) | undefined => {
    const next = at < 0 ? undefined : rows?.[at + by]
    return next && (() => setQuery({ open: String(next['id']) }))
  }
  const close = (): void => {
    // The list stands one step back, when the drawer was opened from it.
    if ((history.state as { isDrawer?: boolean } | null)?.isDrawer) history.back()
    else setQuery({ open: null })
  }
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
            columns={picked ? shown : null}
          />
        )}
        <ColumnChoice columns={columns.all} shown={shown} onShown={chooseColumns} />
      </div>
      {rows === undefined ? (
        error ? (
          <ErrorState error={error} retry={() => list.reload()} />
        ) : (
          <Loading />
        )
      ) : rows.length === 0 ? (
        isFiltered ? (
          <EmptyState
            title={t('empty.filtered')}
            action={
              <button type="button" onClick={clear}>
                {t('filters.clear')}
              </button>
            }
          >
            {t('empty.filtered.text')}
          </EmptyState>
        ) : (
          (props.empty ?? (
            <EmptyState title={t('empty', { what: title })} action={createButton}>
              {entity.help}
            </EmptyState>
          ))
        )
      ) : (
        <div ref={box}>
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
            columns={shown.flatMap((name) => columns.all.find((column) => column.name === name) ?? [])}
            rows={rows}
            keyOf={(row) => String(row['id'])}
            nameOf={(row) => rowName(entity, row)}
            linkOf={props.rowLink ?? ((row) => drawerPlace(place, String(row['id'])))}
            {...(props.rowLink
              ? { onOpen: (row: Row) => navigate(props.rowLink!(row)) }
              : {
                  onOpen: (row: Row) =>
                    setQuery({ open: String(row['id']) }, { push: true, state: { isDrawer: true } }),
                })}
            sort={sort}
            onSort={(next) => setQuery({ sort: next })}
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
      )}
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
            columns={picked ? shown : null}
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
          <Drawer
            key={open}
            id={open}
            row={rows?.[at]}
            onClose={close}
            onPrevious={step(-1)}
            onNext={step(1)}
          />
        ) : (
          <EntityDrawer
            key={open}
            entity={entity}
            id={open}
            row={rows?.[at]}
            onClose={close}
            onPrevious={step(-1)}
            onNext={step(1)}
          />
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

function drawerPlace(place: string, id: string): string {
  const query = new URLSearchParams(location.search)
  query.set('open', id)
  return `${place}?${query}`
}

/** The tab whose parameters the list has; of several the one that says most. */
function currentTab(tabs: readonly ListTab[], asked: URLSearchParams): string {
  const fitting = tabs.filter(({ query }) =>
    Object.entries(query).every(([name, value]) => asked.get(name) === value),
  )
  const best = fitting.toSorted((a, b) => Object.keys(b.query).length - Object.keys(a.query).length)[0]
  return best?.id ?? tabs[0]!.id
}

function tabChange(tabs: readonly ListTab[], id: string): Readonly<Record<string, string | null>> {
  const names = tabs.flatMap(({ query }) => Object.keys(query))
  const none = Object.fromEntries(names.map((name) => [name, null]))
  return { ...none, view: null, ...tabs.find((tab) => tab.id === id)?.query }
}
