import { keep, kept } from '../session/kept.ts'

/** The columns that whoever is signed in chose for a list in this browser; null: none. */
export function keptColumns(panel: string): readonly string[] | null {
  const names = kept(placeOf(panel), { in: 'browser' })
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : null
}

/** Keeps the choice; null forgets it. */
export function keepColumns(panel: string, names: readonly string[] | null): void {
  keep(placeOf(panel), names, { in: 'browser' })
}

function placeOf(panel: string): string {
  return `columns.${panel}`
}
