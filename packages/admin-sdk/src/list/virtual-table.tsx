import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../ui/icon.tsx'
import { t } from '../words/words.ts'
import { Gap, ROW, VirtualRow } from './virtual-row.tsx'

/** One column of a list. */
export interface VirtualColumn<R> {
  readonly name: string
  readonly label: string
  readonly sortable?: boolean
  /** Numbers stand at the end of their column. */
  readonly numeric?: boolean
  /** In pixels; wider where the window has room. */
  readonly width: number
  readonly show: (row: R) => ComponentChildren
}

interface VirtualTableProps<R> {
  readonly label: string
  readonly columns: readonly VirtualColumn<R>[]
  readonly rows: readonly R[]
  readonly keyOf: (row: R) => string
  /** What a row is called, for those who do not see it. */
  readonly nameOf: (row: R) => string
  /** The place of the panel that the row's first cell leads to. */
  readonly linkOf?: (row: R) => string
  /** Instead of following the link, where the click is a plain one. */
  readonly onOpen?: (row: R) => void
  readonly sort: string
  readonly onSort: (sort: string) => void
  readonly chosen?: ReadonlySet<string>
  readonly onChoose?: (chosen: ReadonlySet<string>) => void
  /** How many rows there are in all; -1 when nobody knows. */
  readonly total: number
  readonly isBusy: boolean
  /** Where it stood before, in pixels. */
  readonly top: number
  readonly onScroll: (top: number) => void
  /** The end comes near: more rows are wanted. */
  readonly onEnd: () => void
  /** The key of the row that is open beside the list. */
  readonly current?: string | undefined
}

const DRAWN = 56

/** Rows and columns of which only those in view are drawn. Its head stays, arrow keys walk the rows. */
export function VirtualTable<R>(props: VirtualTableProps<R>) {
  const { label, columns, rows, keyOf, sort, onSort, chosen, onChoose, total, isBusy, top, onScroll, onEnd } =
    props
  const ref = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(600)
  const [from, setFrom] = useState(() => firstOf(top, 600))
  const [focused, setFocused] = useState<number | null>(null)
  const wanted = useRef<number | null>(null)
  const visible = Math.ceil(height / ROW)
  const count = Math.min(DRAWN, visible + 20)
  const to = Math.min(rows.length, from + count)

  useLayoutEffect(() => {
    const box = ref.current!
    box.scrollTop = top
    const watch = new ResizeObserver(() => setHeight(box.clientHeight))
    watch.observe(box)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    if (to >= rows.length - visible) onEnd()
  }, [to, rows.length])
  // A row that was out of view is drawn first, and gets the focus then.
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const link = ref.current!.querySelector<HTMLElement>(`[data-row="${wanted.current}"] .row-link`)
    if (!link) return
    wanted.current = null
    link.focus({ preventScroll: true })
  })

  const scrolled = (): void => {
    const { scrollTop } = ref.current!
    onScroll(scrollTop)
    const next = firstOf(scrollTop, height)
    // Few redraws while somebody scrolls: the rows beyond the edges are there already.
    if (Math.abs(next - from) >= 5 || next === 0) setFrom(next)
  }
  const goTo = (row: number): void => {
    const box = ref.current!
    const at = Math.max(0, Math.min(rows.length - 1, row))
    const head = box.querySelector('thead')?.clientHeight ?? 0
    const [above, below] = [at * ROW, (at + 1) * ROW + head]
    if (above < box.scrollTop) box.scrollTop = above
    else if (below > box.scrollTop + box.clientHeight) box.scrollTop = below - box.clientHeight
    wanted.current = at
    setFocused(at)
    setFrom(firstOf(box.scrollTop, height))
  }
  const walk = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const at = Number(row.dataset['row'])
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + visible - 2, PageUp: at - visible + 2 }[
      event.key
    ]
    if (next === undefined) return
    event.preventDefault()
    goTo(next)
  }

  const all = chosen !== undefined && rows.length > 0 && rows.every((row) => chosen.has(keyOf(row)))
  const toggle = (keys: readonly string[], on: boolean): void => {
    const next = new Set(chosen)
    for (const key of keys)
      if (on) next.add(key)
      else next.delete(key)
    onChoose?.(next)
  }
  const latest = useRef(toggle)
  latest.current = toggle
  const onToggle = useCallback((key: string, on: boolean) => latest.current([key], on), [])
  const drawn = Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place)
  // The row with the focus stays: without it the focus would fall out of the list.
  if (focused !== null && focused < rows.length && (focused < from || focused >= to)) {
    if (focused < from) drawn.unshift(focused)
    else drawn.push(focused)
  }
  const width = columns.reduce((sum, column) => sum + column.width, chosen ? 44 : 0)
  return (
    <div
      ref={ref}
      class="table virtual"
      role="region"
      aria-label={label}
      aria-busy={isBusy}
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={walk}
      onFocusCapture={(event) => {
        const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
        setFocused(row ? Number(row.dataset['row']) : null)
      }}
    >
      <table aria-rowcount={total < 0 ? -1 : total + 1} style={{ minWidth: `${width}px` }}>
        <colgroup>
          {chosen && <col style={{ width: '44px' }} />}
          {columns.map(({ name, width: own }) => (
            <col key={name} style={{ width: `${own}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {chosen && (
              <th class="choice" scope="col">
                <input
                  type="checkbox"
                  aria-label={t('table.choose_all')}
                  checked={all}
                  onChange={() => toggle(rows.map(keyOf), !all)}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.name} {...column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn.map((place, index) => (
            <VirtualRow<R>
              key={keyOf(rows[place]!)}
              row={rows[place]!}
              id={keyOf(rows[place]!)}
              place={place}
              gap={place - (drawn[index - 1] ?? -1) - 1}
              columns={columns}
              nameOf={props.nameOf}
              linkOf={props.linkOf}
              onOpen={props.onOpen}
              isChosen={chosen?.has(keyOf(rows[place]!))}
              isCurrent={props.current === keyOf(rows[place]!)}
              onToggle={onToggle}
            />
          ))}
          <Gap rows={rows.length - 1 - (drawn.at(-1) ?? -1)} columns={columns.length + (chosen ? 1 : 0)} />
        </tbody>
      </table>
    </div>
  )
}

/** The first row that is drawn: some above those in view. */
function firstOf(top: number, height: number): number {
  const spare = Math.max(4, Math.min(10, Math.floor((DRAWN - Math.ceil(height / ROW)) / 2)))
  return Math.max(0, Math.floor(top / ROW) - spare)
}

function Head<R>({
  name,
  label,
  numeric,
  sortable,
  sort,
  onSort,
}: VirtualColumn<R> & { readonly sort: string; readonly onSort: (sort: string) => void }) {
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined
  return (
    <th scope="col" class={numeric ? 'numeric' : undefined} aria-sort={direction} title={label}>
      {sortable ? (
        <button
          type="button"
          class="sort"
          onClick={() => onSort(direction === 'ascending' ? `-${name}` : name)}
        >
          <span>{label}</span>
          {direction && <Icon name={direction === 'ascending' ? 'up' : 'down'} />}
        </button>
      ) : (
        label
      )}
    </th>
  )
}
