import { keep, kept } from '@clientele/admin-sdk'

const KEPT = 6
const PLACE = 'recent'
const IN_BROWSER = { in: 'browser' } as const

/** Remembers a page that somebody looked at, in this browser. */
export function visited(path: string): void {
  const others = recentPaths().filter((one) => one !== path)
  keep(PLACE, [path, ...others].slice(0, KEPT), IN_BROWSER)
}

/** The last pages, the newest first. */
export function recentPaths(): readonly string[] {
  const paths = kept(PLACE, IN_BROWSER)
  return Array.isArray(paths) ? paths.filter((one) => typeof one === 'string') : []
}
