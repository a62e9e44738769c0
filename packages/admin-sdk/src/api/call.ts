import { reached } from '../session/reach.ts'
import { signedOut } from '../session/session.ts'
import { apiUrl } from '../session/tenant.ts'
import { t } from '../words/words.ts'

/** What went wrong, as the server says it (RFC 9457). */
export class ApiError extends Error {
  readonly status: number
  /** Stable; programs branch on it. */
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
  /** The id of the request, as in the server's log. */
  readonly requestId: string | undefined
  /** With 412: the row as it is now. */
  readonly current: Readonly<Record<string, unknown>> | undefined

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? 'http.unknown'
    this.params = problem.params ?? {}
    this.requestId = problem.instance
    this.current = problem.current
  }

  /** What is wrong with each field of a form, by its path: `{ email: 'Not an address' }`. */
  get fields(): Readonly<Record<string, string>> {
    const issues = (this.params['issues'] ?? []) as readonly { path: string; message: string }[]
    return Object.fromEntries(issues.map(({ path, message }) => [path.replace(/^body\.?/, ''), message]))
  }
}

interface Problem {
  readonly title: string
  readonly detail: string
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
  readonly instance: string
  readonly current: Readonly<Record<string, unknown>>
}

/** What a call takes besides its path. */
export interface CallOptions {
  /** @default GET, or POST with a body */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; a file as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * Calls the API with the session of whoever is signed in.
 * @param path below the router: `/api/v1/customers?limit=50`
 * @throws ApiError; a network that is down is an ApiError of status 0
 */
export async function call<T>(path: string, { method, body, headers, signal }: CallOptions = {}): Promise<T> {
  const isJson = body !== undefined && !(body instanceof Blob)
  let response: Response
  try {
    response = await fetch(apiUrl(path), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...headers, ...(isJson ? { 'content-type': 'application/json' } : {}) },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    reached(false)
    throw new ApiError(0, { code: 'http.offline', detail: t('error.offline') })
  }
  reached(true)
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  if (response.status === 401 && !path.startsWith('/api/auth/')) signedOut()
  throw new ApiError(response.status, problem)
}
