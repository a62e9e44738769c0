import { signal, type ReadonlySignal, type Signal } from '@preact/signals'
import { call, type ApiError } from '../api/call.ts'
import { onInvalidate } from '../api/use-query.ts'
import type { Row } from '../entity/show-value.tsx'

/** Rows of a list as far as somebody scrolled. While they are asked again, the former stay. */
export interface ListState {
  /** Undefined until the first answer. */
  readonly rows: readonly Row[] | undefined
  readonly total: number | undefined
  /** `total` is only a lower bound. */
  readonly isMore: boolean
  /** Where the next page begins; null at the end. */
  readonly next: string | null
  readonly isLoading: boolean
  readonly error: ApiError | undefined
}

/** A list that keeps its rows, its place and what was chosen, for whoever comes back to it. */
export interface RowList {
  readonly state: ReadonlySignal<ListState>
  readonly chosen: Signal<ReadonlySet<string>>
  /** How far it was scrolled, in pixels. */
  top: number
  /** Loads the next page; nothing while one is on its way, or at the end. */
  more(): void
  /** Asks for all rows that are shown again. */
  reload(): void
}

interface PageOfRows {
  readonly items: readonly Row[]
  readonly nextCursor: string | null
  readonly total?: number
  readonly totalAtLeast?: boolean
}

const FIRST = 100
const PAGE = 200
/** Lists that are kept for whoever comes back. */
const KEPT = 20

const lists = new Map<string, KeptList>()
onInvalidate((prefix) => {
  for (const list of lists.values()) if (list.path.startsWith(prefix)) list.reload()
})

/** The list at a path with these parameters: filters, sort, search. */
export function rowList(path: string, parameters: string): RowList {
  const key = `${path}?${parameters}`
  const known = lists.get(key)
  // The latest stands last: the first is the one to forget.
  lists.delete(key)
  const list = known ?? new KeptList(path, parameters)
  lists.set(key, list)
  if (lists.size > KEPT) lists.delete(lists.keys().next().value!)
  return list
}

class KeptList implements RowList {
  readonly path: string
  readonly chosen = signal<ReadonlySet<string>>(new Set())
  top = 0
  readonly #state = signal<ListState>({
    rows: undefined,
    total: undefined,
    isMore: false,
    next: null,
    isLoading: false,
    error: undefined,
  })
  readonly #parameters: string
  #running: AbortController | undefined

  constructor(path: string, parameters: string) {
    this.path = path
    this.#parameters = parameters
  }

  get state(): ReadonlySignal<ListState> {
    return this.#state
  }

  more(): void {
    const { next, isLoading, rows } = this.#state.value
    if (isLoading || (rows !== undefined && next === null)) return
    if (rows === undefined) return this.reload()
    this.#load(async (signal) => {
      const page = await this.#page(PAGE, next, signal)
      return { rows: [...rows, ...page.items], next: page.nextCursor }
    })
  }

  reload(): void {
    const wanted = this.#state.value.rows?.length ?? 0
    this.#load(async (signal) => {
      const first = await this.#page(Math.min(PAGE, Math.max(FIRST, wanted)), null, signal)
      const rows = [...first.items]
      let next = first.nextCursor
      while (next !== null && rows.length < wanted) {
        const page = await this.#page(PAGE, next, signal)
        rows.push(...page.items)
        next = page.nextCursor
      }
      const present = new Set(rows.map((row) => String(row['id'])))
      const left = [...this.chosen.value].filter((id) => present.has(id))
      if (left.length < this.chosen.value.size) this.chosen.value = new Set(left)
      return { rows, next, total: first.total, isMore: first.totalAtLeast === true }
    })
  }

  #load(ask: (signal: AbortSignal) => Promise<Partial<ListState>>): void {
    this.#running?.abort()
    const running = (this.#running = new AbortController())
    this.#state.value = { ...this.#state.value, isLoading: true }
    const settle = (change: Partial<ListState>): void => {
      if (this.#running === running) this.#state.value = { ...this.#state.value, isLoading: false, ...change }
    }
    ask(running.signal).then(
      (change) => settle({ error: undefined, ...change }),
      (error: ApiError) => error.name !== 'AbortError' && settle({ error }),
    )
  }

  #page(limit: number, cursor: string | null, signal: AbortSignal): Promise<PageOfRows> {
    const query = new URLSearchParams(this.#parameters)
    query.set('limit', String(limit))
    if (cursor === null) query.set('count', 'estimate')
    else query.set('cursor', cursor)
    return call<PageOfRows>(`${this.path}?${query}`, { signal })
  }
}
