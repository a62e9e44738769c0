import { idempotencyErrors } from './idempotency.errors.ts'

/** The error of a body or an answer that comes piece by piece. */
export function streamed(): Error {
  return idempotencyErrors['http.idempotency_unsupported']({
    header: 'idempotency-key',
    reason: 'this path reads or answers a stream, which cannot be compared with a repetition or kept for one',
  })
}
