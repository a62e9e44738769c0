import { session } from '@clientele/admin-sdk'

/** What somebody typed at a place and has not saved, for this window. */
export function keptText(place: string): string {
  try {
    return sessionStorage.getItem(keyOf(place)) ?? ''
  } catch {
    return ''
  }
}

/** Keeps it; an empty text forgets it. */
export function keepText(place: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(keyOf(place))
    else sessionStorage.setItem(keyOf(place), text)
  } catch {
    // A browser that keeps nothing loses the text when the drawer closes, and nothing else.
  }
}

function keyOf(place: string): string {
  const { tenant, actor } = session.value ?? {}
  return `clientele.text.${tenant?.id}.${actor?.id}.${place}`
}
