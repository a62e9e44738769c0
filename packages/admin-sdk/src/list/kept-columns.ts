import { session } from '../session/session.ts'

/** The columns that whoever is signed in chose for a list in this browser; null: none. */
export function keptColumns(panel: string): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(panel)) ?? 'null')
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : null
  } catch {
    return null
  }
}

/** Keeps the choice; null forgets it. */
export function keepColumns(panel: string, names: readonly string[] | null): void {
  try {
    if (names === null) localStorage.removeItem(keyOf(panel))
    else localStorage.setItem(keyOf(panel), JSON.stringify(names))
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
}

function keyOf(panel: string): string {
  const { tenant, actor } = session.value ?? {}
  return `clientele.columns.${tenant?.id}.${actor?.id}.${panel}`
}
