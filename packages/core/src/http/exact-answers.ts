import type { Route } from './route.ts'

const exact = new WeakSet<Route['definition']>()

/**
 * Marks a route whose handler answers rows exactly as an entity's schema says, because both come from the entity:
 * nothing has to be stripped, which for a page of fifty rows is a tenth of the time on the server.
 */
export function answersExactly<R extends Route>(route: R): R {
  exact.add(route.definition)
  return route
}

export function isExact(route: Route): boolean {
  return exact.has(route.definition)
}
