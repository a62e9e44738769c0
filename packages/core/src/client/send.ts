import { ClientError, errorOf, jsonOf, unexpected } from './client-error.ts'
import type { ClientOptions } from './client.types.ts'
import { pause } from './pause.ts'
import type { ClientRequest } from './request.ts'

/** Longer a client does not wait by itself. */
const MAX_WAIT_MS = 30_000

/**
 * Makes a request until it is answered: reads, and writes with an `Idempotency-Key`, are made again when the network
 * fails or the server asks to wait.
 */
export async function send(options: ClientOptions, request: ClientRequest): Promise<unknown> {
  const { retries = options.retries ?? 2, signal } = request
  for (let left = request.isRepeatable ? retries : 0, waitMs = 200; ; left--, waitMs *= 2) {
    try {
      return await attempt(options, request)
    } catch (error) {
      if (left <= 0 || signal?.aborted || !(error instanceof Failure)) throw outside(error)
      const asked = error.retryAfterMs ?? waitMs
      if (asked > MAX_WAIT_MS) throw outside(error)
      await pause(asked, signal)
    }
  }
}

/** A try that another may follow. */
class Failure extends Error {
  readonly error: ClientError
  readonly retryAfterMs: number | undefined

  constructor(error: ClientError, retryAfterMs?: number) {
    super()
    this.error = error
    this.retryAfterMs = retryAfterMs
  }
}

function outside(error: unknown): unknown {
  return error instanceof Failure ? error.error : error
}

async function attempt(options: ClientOptions, request: ClientRequest): Promise<unknown> {
  const { method, path, body, signal } = request
  const { fetch = globalThis.fetch, token } = options
  const what = `${method} ${options.baseUrl}${path}`
  const bearer = typeof token === 'function' ? await token() : token
  const init: RequestInit = {
    method,
    headers: {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...options.headers,
      ...request.headers,
    },
    body: body ?? null,
    signal: signal ?? null,
    // A stream as a body asks for it; anything else does not mind.
    duplex: 'half',
  }
  try {
    const response = await fetch(options.baseUrl + path, init)
    if (!response.ok) throw await refusal(response, what)
    if (request.isStream) return response
    const text = await response.text()
    const answer = jsonOf(text)
    if (text && answer === undefined)
      throw unexpected(`${what} answered no JSON; is it the API's address?`, response.status)
    return answer
  } catch (error) {
    if (signal?.aborted || error instanceof Failure || error instanceof ClientError) throw error
    const detail = `${what} got no answer: ${(error as Error).message}`
    throw new Failure(new ClientError({ status: 0, code: 'client.network', detail }, { cause: error }))
  }
}

async function refusal(response: Response, what: string): Promise<Error> {
  const error = await errorOf(response, what)
  const { status, code } = error
  if (status !== 429 && status !== 503 && code !== 'http.idempotency_in_flight') return error
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  return new Failure(error, Number.isNaN(seconds) ? undefined : seconds * 1000)
}
