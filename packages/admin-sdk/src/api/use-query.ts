import { signal, type Signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { call, type ApiError } from './call.ts'

/** What a query knows. While it is asked again, the former answer stays. */
export interface Query<T> {
  readonly data: T | undefined
  readonly error: ApiError | undefined
  readonly isLoading: boolean
  readonly reload: () => void
}

interface Entry {
  readonly state: Signal<Omit<Query<unknown>, 'reload'>>
  users: number
  running: AbortController | undefined
}

const entries = new Map<string, Entry>()

/**
 * Asks the API and keeps the answer up to date; components that ask for the same path share it.
 * @param path null: nothing is asked
 */
export function useQuery<T>(path: string | null): Query<T> {
  const entry = useMemo(() => (path === null ? null : entryOf(path)), [path])
  useEffect(() => {
    if (entry === null || path === null) return
    entry.users++
    if (entry.state.value.data === undefined || entry.users === 1) load(path, entry)
    return () => {
      if (--entry.users > 0) return
      entry.running?.abort()
      // The answer is shown at once when somebody comes back.
      entry.running = undefined
    }
  }, [entry])
  const state = entry?.state.value ?? NOTHING
  return { ...(state as Query<T>), reload: () => path !== null && entry && load(path, entry) }
}

/** Asks again for every path that begins so, where it is shown; forgets it where it is not. */
export function invalidate(prefix: string): void {
  for (const listen of listeners) listen(prefix)
  for (const [path, entry] of entries) {
    if (!path.startsWith(prefix)) continue
    if (entry.users > 0) load(path, entry)
    else entries.delete(path)
  }
}

const listeners = new Set<(prefix: string) => void>()

/** Those who keep answers of their own hear what is to be asked again. */
export function onInvalidate(listen: (prefix: string) => void): () => void {
  listeners.add(listen)
  return () => void listeners.delete(listen)
}

const NOTHING = { data: undefined, error: undefined, isLoading: false }

function entryOf(path: string): Entry {
  let entry = entries.get(path)
  if (!entry) {
    entry = {
      state: signal({ data: undefined, error: undefined, isLoading: true }),
      users: 0,
      running: undefined,
    }
    entries.set(path, entry)
  }
  return entry
}

function load(path: string, entry: Entry): void {
  entry.running?.abort()
  const running = (entry.running = new AbortController())
  entry.state.value = { ...entry.state.value, isLoading: true }
  call<unknown>(path, { signal: running.signal }).then(
    (data) => {
      if (entry.running === running) entry.state.value = { data, error: undefined, isLoading: false }
    },
    (error: ApiError) => {
      if (entry.running === running && error.name !== 'AbortError')
        entry.state.value = { data: entry.state.value.data, error, isLoading: false }
    },
  )
}
