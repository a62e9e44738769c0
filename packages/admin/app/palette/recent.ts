import { session } from '@clientele/admin-sdk'

const KEPT = 6

/** Remembers a page that somebody looked at, in this browser. */
export function visited(path: string): void {
  const others = recentPaths().filter((one) => one !== path)
  localStorage.setItem(key(), JSON.stringify([path, ...others].slice(0, KEPT)))
}

/** The last pages, the newest first. */
export function recentPaths(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

/** Of one person in one tenant: others at this browser look at other pages. */
function key(): string {
  const { actor, tenant } = session.peek()!
  return `clientele.recent.${tenant.id}.${actor.id}`
}
