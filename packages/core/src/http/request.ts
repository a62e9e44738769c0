/** A request without a server: what the pipeline works on. Adapters (Express) make one. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string
  /** Path and query below the mount point, as they stood on the request line. */
  readonly url: string
  /** Where the router is mounted, without a trailing slash: `''` or `/cdp`. */
  readonly baseUrl: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /**
   * The body: an async iterable of bytes that nobody has read, bytes or text as they came, a value that a host's
   * body parser made, or undefined when there is none (or somebody read it and kept it).
   */
  readonly body: unknown
  readonly ip: string
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

/** An answer without a server. */
export interface HttpResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array | string> | null
}

/** True for a body that must be read piece by piece. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array | string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** The caller's `x-request-id` when it is short and plain, so that it can stand in logs and headers. */
export function givenRequestId(request: HttpRequest): string | undefined {
  const given = request.headers['x-request-id']
  return given !== undefined && SANE_REQUEST_ID.test(given) ? given : undefined
}
