/** So many requests in so many seconds, counted in windows that follow each other. */
export interface RateLimit {
  /** 1 or more. */
  readonly requests: number
  /** 1 to 86400. */
  readonly perSeconds: number
}

/** How often the API may be called over HTTP; all processes on one database count together. */
export interface LimitsOptions {
  /**
   * For each user, key or operator of a tenant; for each address where nobody is known (IPv6 by its /64).
   * @default no limit
   */
  readonly perActor?: RateLimit
  /** For all callers of a tenant together. @default no limit */
  readonly perTenant?: RateLimit
}

/** The limit of one route, on top of the general ones. While the database cannot count it, the route answers 503. */
export interface RouteRateLimit extends RateLimit {
  /**
   * Whom it counts: `actor` is who calls, in his tenant; `ip` is the address, before anybody looks at credentials or
   * the body (IPv6 by its /64).
   */
  readonly by: 'actor' | 'ip'
}

/** What is wrong with the limits of a host. */
export function limitsProblems({ perActor, perTenant }: LimitsOptions): string[] {
  return Object.entries({ perActor, perTenant }).flatMap(([name, limit]) => {
    const problem = limit && limitProblem(limit)
    return problem ? [`limits.${name}: ${problem}`] : []
  })
}

/** What is wrong with a limit, or null. */
export function limitProblem({ requests, perSeconds }: RateLimit): string | null {
  if (!Number.isSafeInteger(requests) || requests < 1) return 'requests must be a whole number from 1'
  if (!Number.isSafeInteger(perSeconds) || perSeconds < 1 || perSeconds > 86_400)
    return 'perSeconds must be a whole number from 1 to 86400'
  return null
}
