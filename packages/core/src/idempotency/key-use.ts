import type { Route } from '../http/route.ts'

/** What a header `Idempotency-Key` does on a route: carried out once, as if it were not there, or an error. */
export type KeyUse = 'transaction' | 'ignored' | 'refused'

/**
 * Routes honour the header that write and whose caller is known, unless they say `idempotency: 'ignored'`. A body or an
 * answer that is a stream cannot be compared or kept.
 */
export function keyUseOf({ method, definition }: Route): KeyUse {
  const { idempotency = 'transaction', permission, identify, produces, consumes } = definition
  if (method === 'get' || idempotency === 'ignored') return 'ignored'
  if (permission === 'public' && identify === undefined) return 'ignored'
  return produces === undefined && consumes === undefined ? 'transaction' : 'refused'
}

/** True for routes that carry a request with the header out once. */
export function honoursIdempotencyKey(route: Route): boolean {
  return keyUseOf(route) === 'transaction'
}
