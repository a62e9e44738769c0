import {
  call,
  fullName,
  manifest,
  rowName,
  type ApiError,
  type EntityDescription,
  type PanelDescription,
  type Row,
} from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'

/** A row that was found, and the page that shows it. */
export interface FoundRecord {
  readonly panel: PanelDescription
  readonly to: string
  readonly title: string
}

interface Answer {
  readonly records: readonly FoundRecord[]
  readonly isLoading: boolean
}

const NONE: Answer = { records: [], isLoading: false }
/** Of each kind; all of them are behind the page of their kind. */
const EACH = 4

/** Asks the server for rows of every kind that can be searched, after the last key. */
export function useRecords(text: string, panels: readonly PanelDescription[]): Answer {
  const [answer, setAnswer] = useState<Answer>(NONE)
  const wanted = text.trim()
  useEffect(() => {
    if (wanted.length < 2) return setAnswer(NONE)
    const asking = new AbortController()
    setAnswer((before) => ({ ...before, isLoading: true }))
    const timer = setTimeout(() => {
      Promise.all(searchable(panels).map((one) => search(wanted, one, asking.signal))).then(
        (found) => setAnswer({ records: found.flat(), isLoading: false }),
        () => {},
      )
    }, 200)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [wanted])
  return answer
}

interface Searchable {
  readonly panel: PanelDescription
  readonly entity: EntityDescription
}

/** Panels of entities with words; one that a component draws counts by its path. */
function searchable(panels: readonly PanelDescription[]): readonly Searchable[] {
  const entities = Object.values(manifest.peek()?.entities ?? {}).filter((one) => one.searchable)
  return entities.flatMap((entity) => {
    const panel = panels.find(
      ({ shows, path }) =>
        ('entity' in shows && shows.entity === entity.name) || path === `/${entity.path.split('/').at(-1)}`,
    )
    return panel ? [{ panel, entity }] : []
  })
}

async function search(
  text: string,
  { panel, entity }: Searchable,
  signal: AbortSignal,
): Promise<readonly FoundRecord[]> {
  const query = new URLSearchParams({ q: text, limit: String(EACH) })
  try {
    const { items } = await call<{ items: readonly Row[] }>(`${entity.path}?${query}`, {
      signal,
    })
    return items.map((row) => ({
      panel,
      to: `${panel.path}?open=${String(row['id'])}`,
      title: titleOf(row, entity),
    }))
  } catch (error) {
    // One kind that cannot be searched keeps none of the others.
    if ((error as ApiError).name === 'AbortError') throw error
    return []
  }
}

/** A person by name and label, anything else by its label. */
function titleOf(row: Row, entity: EntityDescription): string {
  const [name, own] = [fullName(row), rowName(entity, row)]
  return name === undefined || name === own ? own : `${name} · ${own}`
}
