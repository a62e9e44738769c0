import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/call.ts'
import { invalidate, useQuery } from '../api/use-query.ts'
import { base } from '../navigation/base.ts'
import { setQuery, usePlace } from '../navigation/place.ts'
import type { EntityDescription, Field } from '../panel/manifest.ts'
import { Icon } from '../ui/icon.tsx'
import { Page } from '../ui/page.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import { EntityDrawer } from './entity-drawer.tsx'
import { EntityForm } from './entity-form.tsx'
import { fieldTitle } from './names.ts'
import { showValue, valueAt, type Row } from './show-value.tsx'

interface PageOfRows {
  readonly items: readonly Row[]
  readonly nextCursor: string | null
  readonly total?: number
}

/** Columns that a list shows before somebody chooses others. */
const COLUMNS = 7

/** The list of an entity, with a drawer for one row: all from what its plugin declared. */
export function EntityPanel({
  entity,
  title,
}: {
  readonly entity: EntityDescription
  readonly title: string
}) {
  const { query } = usePlace()
  const { q = '', sort = '', open, cursor } = query
  const [search, setSearch] = useState(q)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [creating, setCreating] = useState(false)
  const filters = Object.entries(query).filter(([name]) => !RESERVED.has(name))
  const asked = new URLSearchParams([
    ...filters,
    ...(q ? [['q', q]] : []),
    ...(sort ? [['sort', sort]] : []),
    ...(cursor ? [['cursor', cursor]] : []),
    ['limit', '50'],
    ...(cursor ? [] : [['count', 'estimate']]),
  ])
  const { data, error, isLoading, reload } = useQuery<PageOfRows>(`${entity.path}?${asked.toString()}`)
  useEffect(() => {
    const timer = setTimeout(() => {
      if (search !== q) setQuery({ q: search || null, cursor: null })
    }, 250)
    return () => clearTimeout(timer)
  }, [search])

  const remove = async (): Promise<void> => {
    const ids = [...chosen]
    setChosen(new Set())
    for (const id of ids) await call(`${entity.path}/${id}`, { method: 'DELETE' })
    invalidate(entity.path)
    toast(t('removed', { count: ids.length }))
  }

  const isFiltered = q !== '' || filters.length > 0
  return (
    <Page
      title={title}
      actions={
        <>
          {chosen.size > 0 && (
            <button type="button" onClick={() => void remove()}>
              <Icon name="trash" />
              {t('remove.count', { count: chosen.size })}
            </button>
          )}
          <a class="button" href={`${base.api}${entity.path}/export?${exportQuery(filters, q)}`} download>
            <Icon name="download" />
            CSV
          </a>
          {entity.writable && (
            <button type="button" class="main" onClick={() => setCreating(true)}>
              <Icon name="plus" />
              {t('create')}
            </button>
          )}
        </>
      }
    >
      <div class="tools">
        {entity.searchable && (
          <input
            type="search"
            aria-label={t('search_in', { what: title })}
            placeholder={t('search')}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        <EnumFilters entity={entity} query={query} />
        {isFiltered && (
          <button type="button" class="plain" onClick={() => (setSearch(''), clear(filters))}>
            <Icon name="x" />
            {t('filters.clear')}
          </button>
        )}
        <span class="quiet count" role="status">
          {data?.total === undefined ? '' : t('rows', { count: data.total })}
        </span>
      </div>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        isFiltered ? (
          <EmptyState title={t('empty.filtered')}>{t('empty.filtered.text')}</EmptyState>
        ) : (
          <EmptyState
            title={t('empty', { what: title })}
            action={
              entity.writable && (
                <button type="button" class="main" onClick={() => setCreating(true)}>
                  {t('create')}
                </button>
              )
            }
          >
            {entity.help}
          </EmptyState>
        )
      ) : (
        <div aria-busy={isLoading}>
          <Table
            label={title}
            columns={columnsOf(entity)}
            rows={data.items}
            keyOf={(row) => String(row['id'])}
            sort={sort}
            onSort={(next) => setQuery({ sort: next, cursor: null })}
            onOpen={(row) => setQuery({ open: String(row['id']) }, { push: true })}
            {...(entity.writable ? { chosen, onChoose: setChosen } : {})}
          />
          <nav class="pages" aria-label={t('pages')}>
            {cursor && (
              <button type="button" onClick={() => history.back()}>
                <Icon name="left" />
                {t('pages.before')}
              </button>
            )}
            {data.nextCursor && (
              <button type="button" onClick={() => setQuery({ cursor: data.nextCursor }, { push: true })}>
                {t('pages.next')}
                <Icon name="right" />
              </button>
            )}
          </nav>
        </div>
      )}
      {open && <EntityDrawer key={open} entity={entity} id={open} />}
      {creating && <EntityForm entity={entity} row={null} onClose={() => setCreating(false)} />}
    </Page>
  )
}

const RESERVED = new Set(['q', 'sort', 'open', 'cursor'])

function exportQuery(filters: readonly (readonly [string, string])[], q: string): string {
  return new URLSearchParams([
    ...filters.map(([name, value]) => [name, value]),
    ...(q ? [['q', q]] : []),
  ]).toString()
}

function clear(filters: readonly (readonly [string, string])[]): void {
  setQuery({ q: null, cursor: null, ...Object.fromEntries(filters.map(([name]) => [name, null])) })
}

/** One choice for each enum: the filters that everybody needs first. */
function EnumFilters({
  entity,
  query,
}: {
  readonly entity: EntityDescription
  readonly query: Readonly<Record<string, string>>
}) {
  return entity.fields
    .filter(({ filterable, values }) => filterable && values)
    .map(({ name, values = [] }) => (
      <label key={name} class="filter">
        <span>{fieldTitle(entity.name, name)}</span>
        <select
          value={query[name] ?? ''}
          onChange={(event) => setQuery({ [name]: event.currentTarget.value || null, cursor: null })}
        >
          <option value="">{t('filters.any')}</option>
          {values.map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
        </select>
      </label>
    ))
}

function columnsOf(entity: EntityDescription): readonly Column<Row>[] {
  const label = entity.fields.find(({ name }) => name === entity.label)
  const others = entity.fields.filter(
    (field) => field !== label && !['json', 'id', 'ref'].includes(field.kind) && field.name !== 'createdAt',
  )
  const created = entity.fields.filter(({ name }) => name === 'createdAt')
  const first: Field[] = label ? [label] : []
  return [...first, ...others.slice(0, COLUMNS - 1 - first.length), ...created].map((field) => ({
    name: field.name,
    label: fieldTitle(entity.name, field.name),
    sortable: field.sortable,
    numeric: ['integer', 'amount', 'money', 'real'].includes(field.kind),
    show: (row) =>
      showValue(field, valueAt(row, field.name)) ?? (field === label ? String(row['id']).slice(-8) : null),
  }))
}
