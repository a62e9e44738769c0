import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of rate limits. */
export const limitsErrors = defineErrors({
  'limits.in_transaction': {
    status: 500,
    title: 'Limit counted in a transaction',
    detail: (p: { limit: string }) =>
      `Cannot count the limit "${p.limit}" inside a transaction: what is counted must stay when the transaction does not; call it before ctx.tx, and give a route that does idempotency: 'ignored'`,
  },
  'limits.not_counted': {
    status: 503,
    title: 'Cannot be counted now',
    detail: (p: { limit: string; retryAfterSeconds: number }) =>
      `Cannot let this through: the limit "${p.limit}" guards it and the database cannot count it now; try again in ${p.retryAfterSeconds} seconds`,
  },
  'http.too_many_requests': {
    status: 429,
    title: 'Too many requests',
    detail: (p: { policy: string; limit: number; perSeconds: number; retryAfterSeconds: number }) =>
      `The limit "${p.policy}" of ${p.limit} in ${p.perSeconds} seconds is used up; try again in ${p.retryAfterSeconds} seconds`,
  },
})
