import type { Route } from '../http/route.ts'

/**
 * True for routes that honour the header: those that write, whose caller is known and whose answer is no stream, unless
 * they say `idempotency: 'ignored'`.
 */
export function honoursIdempotencyKey({ method, definition }: Route): boolean {
  const { idempotency = 'transaction', permission, identify, produces } = definition
  if (method === 'get' || idempotency === 'ignored' || produces !== undefined) return false
  return permission !== 'public' || identify !== undefined
}
