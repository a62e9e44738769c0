import { ClientError } from './client-error.ts'
import type { CallOptions } from './client.types.ts'

/** The parts of a typed call, as in process. */
export interface CallInput {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** A request that `send` makes as often as needed. */
export interface ClientRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: NonNullable<RequestInit['body']> | undefined
  readonly signal?: AbortSignal | undefined
  /** The answer is no JSON. */
  readonly isStream?: boolean
  readonly isRepeatable: boolean
  /** @default as the client says */
  readonly retries?: number
}

type Given = Omit<CallOptions, 'headers'> & { readonly headers?: CallOptions['headers'] } & {
  readonly idempotency?: boolean
}

/** A call as the request it is. @param route `GET /api/v1/customers/:id` */
export function requestOf(route: string, { params, query, body }: CallInput, given: Given): ClientRequest {
  const [method, path, ...marks] = route.split(' ') as [string, string, ...string[]]
  const { ifMatch, idempotencyKey, tenantId } = given
  const raw = given.body
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`
  const isOnce = marks.includes('once')
  const wantsKey = isOnce && raw === undefined && (method === 'POST' || method === 'PATCH')
  const key = idempotencyKey ?? (wantsKey && given.idempotency !== false && randomKey())
  if (key) headers['idempotency-key'] = key
  const inTenant =
    tenantId === undefined
      ? path
      : path.replace('/v1/', () => `/v1/tenants/${segment('tenantId', tenantId)}/`)
  return {
    method,
    path: inTenant.replace(/:(\w+)/g, (_, name: string) => segment(name, params?.[name])) + queryText(query),
    headers: { ...headers, ...given.headers },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    signal: given.signal,
    isStream: marks.includes('stream'),
    // What is no read is done again only where the server knows it by its key.
    isRepeatable: method === 'GET' || (isOnce && Boolean(key) && !(raw instanceof ReadableStream)),
  }
}

/** `crypto.randomUUID` is there on secure origins only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

function segment(name: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  // URLs drop segments that are empty or dots, whichever way they are written: the call would reach another path.
  if (!/^\.{0,2}$/.test(text)) return encodeURIComponent(text)
  const detail = `Cannot make the path of this call: params.${name} is ${JSON.stringify(value)}`
  throw new ClientError({ status: 0, code: 'client.invalid_param', detail })
}

function queryText(query: CallInput['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, given] of Object.entries(query)) {
    for (const value of Array.isArray(given) ? given : [given]) {
      if (value !== undefined)
        search.append(name, value instanceof Date ? value.toISOString() : String(value))
    }
  }
  return search.size > 0 ? `?${search.toString()}` : ''
}
