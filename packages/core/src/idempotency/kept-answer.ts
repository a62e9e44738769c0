import { baseHeaders } from '../http/problem.ts'
import { isAsyncIterable, type HttpResponse } from '../http/request.ts'
import type { KeyRing } from '../keys/key-ring.types.ts'
import { idempotencyErrors } from './idempotency.errors.ts'
import { streamed } from './streamed.ts'

/** The largest body that is kept for a repetition. Of a larger one only is kept that the request was carried out. */
const MAX_KEPT_BYTES = 1024 * 1024

const PURPOSE = 'idempotency.answer'
/** What belongs to one exchange, and what a browser keeps by itself. */
const NOT_KEPT: ReadonlySet<string> = new Set(['x-request-id', 'set-cookie', 'date', 'connection'])

interface Kept {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/**
 * The answer as it is stored: encrypted, because it may show a secret that is shown only once. Null when too large.
 * @throws `http.idempotency_unsupported` for a stream
 */
export function keepAnswer(keys: KeyRing, { status, headers, body }: HttpResponse): string | null {
  if (isAsyncIterable(body) || body instanceof Uint8Array) throw streamed()
  if (body !== null && Buffer.byteLength(body) > MAX_KEPT_BYTES) return null
  const kept: Kept = {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_KEPT.has(name))),
    body,
  }
  return Buffer.from(keys.encrypt(PURPOSE, JSON.stringify(kept))).toString('base64')
}

/** The answer once more. @throws `http.idempotency_answer_not_kept` */
export function repeatAnswer(keys: KeyRing, answer: string | null, requestId: string): HttpResponse {
  if (answer === null) throw idempotencyErrors['http.idempotency_answer_not_kept']({ limit: MAX_KEPT_BYTES })
  const { status, headers, body } = JSON.parse(keys.decrypt(PURPOSE, Buffer.from(answer, 'base64'))) as Kept
  const { 'x-request-id': own } = baseHeaders(requestId, '')
  return {
    status,
    headers: { ...headers, 'x-request-id': own!, 'idempotency-replayed': 'true' },
    body,
  }
}
