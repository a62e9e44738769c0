import type { RouteTable } from './router.ts'

/**
 * Paths of ours: those below the first two segments of any route (`/api/v1/…`), the exact ones of short routes, the
 * system's own, and whole sites.
 */
export function ownership(
  table: Pick<RouteTable<unknown>, 'allowed'>,
  paths: readonly string[],
  sites: readonly string[],
): (url: string) => boolean {
  const areas = new Set(
    paths.map((path) => path.split('/')).flatMap(([, a, b, c]) => (c ? [`/${a}/${b}`] : [])),
  )
  return (url) => {
    const path = url.split('?', 1)[0]!
    const [, a, b] = path.split('/', 3)
    if (sites.includes(`/${a}`)) return true
    return areas.has(`/${a}/${b}`) || table.allowed(path).length > 0
  }
}
