import { useState } from 'preact/hooks'
import { setQuery } from '../navigation/place.ts'
import { keepColumns, keptColumns } from './kept-columns.ts'
import type { ListColumns } from './list-columns.tsx'
import type { SavedView } from './saved-views.tsx'

interface ShownColumnsOptions {
  readonly panel: string
  readonly columns: ListColumns
  /** As the address says, separated by commas. */
  readonly asked: string | undefined
  /** The one that is looked at. */
  readonly view: SavedView | undefined
}

interface ShownColumns {
  readonly shown: readonly string[]
  /** Whether somebody chose them: the address, the view, or whoever is signed in. */
  readonly isPicked: boolean
  /** Null: as at first. */
  readonly choose: (names: readonly string[] | null) => void
}

/** The columns that a list shows, by name. */
export function useShownColumns({ panel, columns, asked, view }: ShownColumnsOptions): ShownColumns {
  const [personal, setPersonal] = useState(() => keptColumns(panel))
  const picked = asked?.split(',') ?? view?.columns ?? personal
  return {
    shown: (picked ?? columns.first).filter((name) => columns.all.some((column) => column.name === name)),
    isPicked: Boolean(picked),
    choose(names) {
      // Those of a view are part of its address until they are saved with it.
      if (view) return setQuery({ columns: names?.join(',') ?? null })
      keepColumns(panel, names)
      setPersonal(names)
    },
  }
}
