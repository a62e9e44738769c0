/** The fields of an error that PostgreSQL sends. */
export interface DatabaseError extends Error {
  /** SQLSTATE. */
  readonly code: string
  readonly detail?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly routine?: string
}

/** The server's error behind an error, however it was wrapped. */
export function databaseError(error: unknown): DatabaseError | null {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code)) {
      return current as DatabaseError
    }
    current = current.cause
  }
  return null
}

export function hasState(error: unknown, ...states: readonly string[]): boolean {
  const found = databaseError(error)
  return found !== null && states.includes(found.code)
}

/** A prepared statement whose columns changed since; the message is translated, the routine is not. */
export function isStalePlan(error: unknown): boolean {
  const found = databaseError(error)
  return found?.code === '0A000' && found.routine === 'RevalidateCachedQuery'
}

/** Serialization failure, deadlock, lock not available, stale plan: the same transaction may succeed next time. */
export function isRetryable(error: unknown): boolean {
  return hasState(error, '40001', '40P01', '55P03') || isStalePlan(error)
}
