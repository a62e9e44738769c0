import { signal, type Signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { call } from '../api/call.ts'
import type { Row } from '../entity/show-value.tsx'
import type { EntityDescription } from '../panel/manifest.ts'
import { personName, type Person } from './person-name.ts'

/** Names of rows by path and id. Those asked for at one time are asked for together. */
const names = new Map<string, Signal<string | undefined>>()
const asked = new Map<string, { readonly entity: EntityDescription; readonly ids: Set<string> }>()

/** What a row that a reference leads to is called; undefined until it is known. */
export function useRowName(
  entity: EntityDescription | undefined,
  id: string | undefined,
): string | undefined {
  const name = useMemo(
    () => (entity === undefined || id === undefined ? undefined : nameOf(entity, id)),
    [entity?.path, id],
  )
  return name?.value
}

/** What a row is called, from the row itself: by its label, or as a person is. */
export function rowName({ label }: EntityDescription, row: Row): string {
  const named = [row[label], row['name'], row['title']]
  const found = named.find((one) => typeof one === 'string' && one !== '')
  return found === undefined ? personName(row as unknown as Person) : String(found)
}

function nameOf(entity: EntityDescription, id: string): Signal<string | undefined> {
  const key = `${entity.path}/${id}`
  let name = names.get(key)
  if (!name) {
    names.set(key, (name = signal<string | undefined>(undefined)))
    ask(entity, id)
  }
  return name
}

function ask(entity: EntityDescription, id: string): void {
  if (asked.size === 0) queueMicrotask(() => void answerAll())
  const one = asked.get(entity.path) ?? { entity, ids: new Set() }
  one.ids.add(id)
  asked.set(entity.path, one)
}

const MOST = 100

async function answerAll(): Promise<void> {
  const all = [...asked.values()]
  asked.clear()
  for (const { entity, ids } of all) {
    for (let at = 0; at < ids.size; at += MOST) {
      const part = [...ids].slice(at, at + MOST)
      const query = new URLSearchParams({ 'id.in': part.join(','), limit: String(MOST) })
      // A name that cannot be had is no fault of the list: its id is shown.
      const answer = await call<{ items: readonly Row[] }>(`${entity.path}?${query}`).catch(() => null)
      for (const row of answer?.items ?? []) {
        const name = names.get(`${entity.path}/${String(row['id'])}`)
        if (name) name.value = rowName(entity, row)
      }
    }
  }
}
