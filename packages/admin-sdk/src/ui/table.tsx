import type { ComponentChildren } from 'preact'
import { t } from '../words/words.ts'
import { Icon } from './icon.tsx'

/** One column of a table. */
export interface Column<R> {
  readonly name: string
  readonly label: string
  readonly sortable?: boolean
  /** Numbers stand at the end of their column. */
  readonly numeric?: boolean
  readonly show: (row: R) => ComponentChildren
}

interface TableProps<R> {
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  readonly keyOf: (row: R) => string
  /** `name` ascending, `-name` descending. */
  readonly sort?: string
  readonly onSort?: (sort: string) => void
  /** What the row's first cell leads to. */
  readonly onOpen?: (row: R) => void
  /** Keys of the rows that are chosen; without it none can be. */
  readonly chosen?: ReadonlySet<string>
  readonly onChoose?: (chosen: ReadonlySet<string>) => void
}

/** Rows and columns; narrow windows scroll it, not the page. */
export function Table<R>({
  label,
  columns,
  rows,
  keyOf,
  sort,
  onSort,
  onOpen,
  chosen,
  onChoose,
}: TableProps<R>) {
  const all = chosen !== undefined && rows.length > 0 && rows.every((row) => chosen.has(keyOf(row)))
  const toggle = (keys: readonly string[], on: boolean): void => {
    const next = new Set(chosen)
    for (const key of keys)
      if (on) next.add(key)
      else next.delete(key)
    onChoose?.(next)
  }
  return (
    <div class="table" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {chosen && (
              <th class="choice">
                <input
                  type="checkbox"
                  aria-label={t('table.choose_all')}
                  checked={all}
                  onChange={() => toggle(rows.map(keyOf), !all)}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.name} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row)
            return (
              <tr key={key} class={chosen?.has(key) ? 'chosen' : undefined}>
                {chosen && (
                  <td class="choice">
                    <input
                      type="checkbox"
                      aria-label={t('table.choose')}
                      checked={chosen.has(key)}
                      onChange={(event) => toggle([key], event.currentTarget.checked)}
                    />
                  </td>
                )}
                {columns.map(({ name, numeric, show }, place) => (
                  <td key={name} class={numeric ? 'numeric' : undefined}>
                    {place === 0 && onOpen ? (
                      <button type="button" class="row-link" onClick={() => onOpen(row)}>
                        {show(row)}
                      </button>
                    ) : (
                      show(row)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Head<R>({
  column: { name, label, numeric, sortable },
  sort,
  onSort,
}: {
  readonly column: Column<R>
  readonly sort: string | undefined
  readonly onSort: ((sort: string) => void) | undefined
}) {
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined
  return (
    <th scope="col" class={numeric ? 'numeric' : undefined} aria-sort={direction}>
      {sortable && onSort ? (
        <button
          type="button"
          class="sort"
          onClick={() => onSort(direction === 'ascending' ? `-${name}` : name)}
        >
          {label}
          {direction && <Icon name={direction === 'ascending' ? 'up' : 'down'} />}
        </button>
      ) : (
        label
      )}
    </th>
  )
}
