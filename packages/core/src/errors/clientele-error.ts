/** What a {@link ClienteleError} carries besides its sentence. */
export interface ClienteleErrorOptions {
  /** Stable, dotted, lower case: `storage.busy`. Programs branch on it; it never changes meaning. */
  readonly code: string
  /** The HTTP status a route answers with when the error reaches it. */
  readonly status: number
  /** The short, constant name of the problem (RFC 9457 `title`). */
  readonly title: string
  /** The values the sentence was made from, for programs and translations. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The one error class. Every code is declared in a `*.errors.ts` file with {@link defineErrors};
 * `docs/reference/errors.md` lists exactly these.
 */
export class ClienteleError extends Error {
  override readonly name = 'ClienteleError'
  readonly code: string
  readonly status: number
  readonly title: string
  readonly params: Readonly<Record<string, unknown>>

  constructor(detail: string, options: ClienteleErrorOptions) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.status = options.status
    this.title = options.title
    this.params = options.params ?? {}
  }
}

/** True for errors of this or another copy of the core: compares by shape, never by `instanceof`. */
export function isClienteleError(error: unknown): error is ClienteleError {
  return error instanceof Error && error.name === 'ClienteleError' && 'code' in error && 'status' in error
}

interface ErrorDefinition<P> {
  /** HTTP status, 400 to 599. */
  readonly status: number
  readonly title: string
  /** A sentence: what could not be done, to which thing, why, and the way out. */
  readonly detail: (params: P) => string
}

type ErrorFactories<T> = {
  readonly [K in keyof T]: T[K] extends ErrorDefinition<infer P>
    ? (params: P, options?: { readonly cause?: unknown }) => ClienteleError
    : never
} & { readonly definitions: readonly DocumentedError[] }

/** A table of errors as far as it is documented. */
export interface ErrorTable {
  readonly definitions: readonly DocumentedError[]
}

/** One row of `docs/reference/errors.md`. */
export interface DocumentedError {
  readonly code: string
  readonly status: number
  readonly title: string
}

/**
 * Declares a package's errors; the key is the code.
 *
 * @example
 * export const storageErrors = defineErrors({
 *   'storage.busy': { status: 503, title: 'Database busy', detail: (p: { waitedMs: number }) => `…` },
 * })
 * throw storageErrors['storage.busy']({ waitedMs: 10_000 })
 */
// `any`: a parameter type must be inferred per entry, and `never` would make every entry uncallable.
export function defineErrors<const T extends Record<string, ErrorDefinition<any>>>(
  table: T,
): ErrorFactories<T> {
  const factories: Record<string, unknown> = {
    definitions: Object.entries(table).map(([code, d]) => ({ code, status: d.status, title: d.title })),
  }
  for (const [code, definition] of Object.entries(table)) {
    factories[code] = (params: Record<string, unknown>, options?: { cause?: unknown }) =>
      new ClienteleError(definition.detail(params), {
        code,
        status: definition.status,
        title: definition.title,
        params,
        cause: options?.cause,
      })
  }
  return factories as ErrorFactories<T>
}

/** Puts a package's error tables together, so that a plugin can name them all: `errors: joinErrors(a, b)`. */
export function joinErrors(...tables: readonly ErrorTable[]): ErrorTable {
  return { definitions: tables.flatMap(({ definitions }) => definitions) }
}
