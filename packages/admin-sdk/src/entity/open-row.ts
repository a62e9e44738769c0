import { setQuery } from '../navigation/place.ts'
import type { DrawerProps } from './drawer-props.ts'
import type { Row } from './show-value.tsx'

/** What the drawer of the row that the address names is given. */
export function openRow(rows: readonly Row[] | undefined, open: string): DrawerProps {
  const at = rows?.findIndex((row) => String(row['id']) === open) ?? -1
  const step = (by: number): (() => void) | undefined => {
    const next = at < 0 ? undefined : rows?.[at + by]
    return next && (() => setQuery({ open: String(next['id']) }))
  }
  return { id: open, row: rows?.[at], onClose: close, onPrevious: step(-1), onNext: step(1) }
}

/** Opens the drawer of a row, one step further than its list. */
export function openDrawer(row: Row): void {
  setQuery({ open: String(row['id']) }, { push: true, state: { isDrawer: true } })
}

/** The place of the list with the drawer of a row. */
export function drawerPlace(place: string, id: string): string {
  const query = new URLSearchParams(location.search)
  query.set('open', id)
  return `${place}?${query}`
}

function close(): void {
  // The list stands one step back, when the drawer was opened from it.
  if ((history.state as { isDrawer?: boolean } | null)?.isDrawer) history.back()
  else setQuery({ open: null })
}
