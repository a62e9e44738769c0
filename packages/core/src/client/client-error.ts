/** One thing that is wrong with what was sent, by the path of its field. */
export interface ClientIssue {
  readonly path: string
  readonly message: string
}

/** What an answer says of a failure: problem+json, RFC 9457. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title?: string
  readonly detail: string
  readonly params?: Readonly<Record<string, unknown>>
  /** The request's id. */
  readonly instance?: string
  readonly current?: unknown
}

/**
 * A call that failed. `code` is the server's own (`docs/reference/errors.md`), or one of the client:
 *
 * - `client.network`: no answer came; `status` is 0, `cause` says why
 * - `client.unexpected_answer`: something else than the API answered, such as a proxy or a web page
 * - `client.unknown_route`: the server has no route of that name
 * - `client.invalid_param`: a path parameter is missing, empty or a dot
 */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  /** Stable; programs branch on it. */
  readonly code: string
  /** What could not be done, why, and the way out; also the message. */
  readonly detail: string
  /** The values the detail was made from. */
  readonly params: Readonly<Record<string, unknown>>
  /** Of an invalid request: every field that is wrong. */
  readonly issues: readonly ClientIssue[]
  /** Names the request in the server's log. */
  readonly requestId: string | undefined
  /** With 412: the row as it is now. */
  readonly current: unknown

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options)
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.params = problem.params ?? {}
    this.issues = (this.params['issues'] as readonly ClientIssue[] | undefined) ?? []
    this.requestId = problem.instance
    this.current = problem.current
  }
}

/** The error that a failed answer tells of. */
export async function errorOf(response: Response, what: string): Promise<ClientError> {
  const problem = jsonOf(await response.text()) as Partial<Problem> | undefined
  if (typeof problem?.code === 'string') return new ClientError(problem as Problem)
  return unexpected(`${what} answered ${response.status} ${response.statusText}`, response.status)
}

/** Something else than the API answered. */
export function unexpected(detail: string, status: number): ClientError {
  return new ClientError({ status, code: 'client.unexpected_answer', detail })
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
