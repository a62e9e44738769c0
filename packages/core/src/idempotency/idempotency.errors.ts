import { defineErrors } from '../errors/clientele-error.ts'

/** What the header `Idempotency-Key` may be answered with, besides the route's own answers. */
export const idempotencyErrors = defineErrors({
  'http.idempotency_in_flight': {
    status: 409,
    title: 'Still running',
    detail: (_: { retryAfterSeconds: number }) =>
      'The first request with this Idempotency-Key is still running; send the same request again in a second for its answer',
  },
  'http.idempotency_mismatch': {
    status: 422,
    title: 'Idempotency-Key used already',
    detail: (_: { header: 'idempotency-key' }) =>
      'This Idempotency-Key stood on another request, with another path, query or body; send a new key with a new request',
  },
  'http.idempotency_unsupported': {
    status: 400,
    title: 'Idempotency-Key not supported',
    detail: (p: { header: 'idempotency-key'; reason: string }) =>
      `Cannot honour the Idempotency-Key here: ${p.reason}; nothing was done, send the request without the header`,
  },
  'http.idempotency_answer_not_kept': {
    status: 409,
    title: 'Done already, answer not kept',
    detail: (p: { limit: number }) =>
      `The first request with this Idempotency-Key was carried out, but its answer had more than ${p.limit} bytes and was not kept; read what it made instead of sending it again`,
  },
})
