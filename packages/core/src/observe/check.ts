/** `warn`: it works and may not for long, or not as promised. `fail`: it does not work. */
export type CheckStatus = 'ok' | 'warn' | 'fail'

/** One thing that was looked at. */
export interface Check {
  /** Stable, lower case: `durability`, `migrations`. */
  readonly name: string
  readonly status: CheckStatus
  /** What was found, as a sentence. */
  readonly message: string
  /** What to do; there for everything but `ok`. */
  readonly wayOut?: string
}

/** The worst of them. */
export function overall(checks: readonly Check[]): CheckStatus {
  if (checks.some(({ status }) => status === 'fail')) return 'fail'
  return checks.some(({ status }) => status === 'warn') ? 'warn' : 'ok'
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message }
}

export function warn(name: string, message: string, wayOut: string): Check {
  return { name, status: 'warn', message, wayOut }
}

export function fail(name: string, message: string, wayOut: string): Check {
  return { name, status: 'fail', message, wayOut }
}
