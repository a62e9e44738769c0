import type * as z from 'zod'
import type { Ctx } from '../context/context.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { RouteRateLimit } from '../limits/limits.options.ts'
import type { Credentials, Identified } from './authenticator.ts'

type Schema = z.ZodType | undefined
type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type Input<S> = S extends z.ZodType ? z.input<S> : never

/** The parsed request a handler gets. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P
  readonly query: Q
  readonly body: B
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body as it arrives, at most `maxBodyBytes`; for routes that declare no `body`, whose body nobody has read. */
  readonly stream: AsyncIterable<Uint8Array>
  readonly ip: string
}

/** A body that nobody has read yet. */
export interface UnreadBody {
  readonly headers: Readonly<Record<string, string | undefined>>
  /** At most `maxBodyBytes`; more make it throw `http.body_too_large`. */
  readonly stream: AsyncIterable<Uint8Array>
  readonly maxBodyBytes: number
}

/** An answer with more than a JSON body; made by {@link reply}. */
export interface Reply<T> {
  readonly $$type: 'clientele/reply'
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON through the response schema, or a stream of bytes or text as it is. */
  readonly body: T | AsyncIterable<Uint8Array | string> | null
}

/** Answers with headers or another status: `reply(row, { headers: { etag: '"3"' } })`. */
export function reply<T>(
  body: Reply<T>['body'],
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply<T> {
  return {
    $$type: 'clientele/reply',
    body,
    headers: options.headers ?? {},
    ...(options.status === undefined ? {} : { status: options.status }),
  }
}

/** As `route.get`, `route.post` … name them. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** One endpoint: what it takes, what it answers, who may call it, and what it does. */
export interface RouteDefinition<
  Perm extends string,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
  R extends Schema,
> {
  /** The whole path below the mount point, parameters as `:name`: `/api/v1/customers/:id`. */
  readonly path: `/${string}`
  /** A permission of this plugin, `authenticated` (anyone signed in) or `public`. There is no default. */
  readonly permission: Perm
  /**
   * `instance`: it is about no tenant, such as signing in or managing tenants. With many tenants its context is of
   * tenant `*`, which owns no rows, and a named permission counts only for credentials that reach every tenant.
   * @default 'tenant'
   */
  readonly scope?: 'tenant' | 'instance'
  /** One line for the API's documentation. */
  readonly summary: string
  readonly description?: string
  /** Groups routes in the documentation. @default the plugin's id */
  readonly tags?: readonly string[]
  readonly params?: P
  /** Values arrive as strings: use `z.coerce` or `listQuery(Entity)`. Unknown names are refused. */
  readonly query?: Q
  /** JSON. An object that says nothing about other keys refuses them. */
  readonly body?: B
  /**
   * Everything it does not name is stripped from the answer; outside of production it is validated in full. Leave out
   * for 204, and for a streamed answer.
   */
  readonly response?: R
  /** @default 200, or 204 without a response */
  readonly status?: 200 | 201 | 202 | 204
  /** Content type of a streamed answer, such as `text/csv`. */
  readonly produces?: string
  /**
   * Content types of a body that the handler reads as `stream`: `text/csv`, or all of them as in accept headers; for
   * the API's documentation. Calls within the process pass it as `body`: text, bytes, or pieces of either.
   */
  readonly consumes?: string
  /**
   * What a header `Idempotency-Key` does. `transaction`: the handler runs inside one transaction, in which its answer is
   * kept for repetitions; its context is that transaction, so `ctx.population` is not to be had. `ignored`: nothing;
   * for handlers that write nothing, need more than one transaction, or call other servers. A public route that finds
   * nobody out by itself ignores it too.
   * @default 'transaction'; where the body or the answer is a stream the header is refused
   */
  readonly idempotency?: 'transaction' | 'ignored'
  /** How often it may be called, on top of what the host allows all routes. More is 429. @default no limit of its own */
  readonly rateLimit?: RouteRateLimit
  /** Names of the authenticators that may be used. @default all */
  readonly schemes?: readonly string[]
  /** Largest body in bytes. @default 1 MiB */
  readonly maxBodyBytes?: number
  /**
   * Turns the bytes of the body into the value that `body` validates, instead of the JSON reader: for other content
   * types and compressed bodies. Not called for a body that the host's parser already read.
   */
  readonly readBody?: (request: UnreadBody) => Promise<unknown>
  /**
   * Finds out who calls, instead of the authenticators: for credentials that stand in the body, which is read first.
   * Null is 401; an error of the plugin's own says more.
   * @param open a context of the system in a tenant, to look the credential up
   */
  readonly identify?: (
    request: Credentials & { readonly body: unknown },
    open: (tenantId: string) => Ctx,
  ) => Promise<Identified | null>
  /** `any`: scripts of every web site may call it and read the answer, without cookies. @default only the own origin */
  readonly cors?: 'any'
  readonly handler: (
    request: RouteRequest<Output<P>, Output<Q>, Output<B>>,
    ctx: Ctx,
  ) => RouteAnswer<R> | Promise<RouteAnswer<R>>
}

type RouteAnswer<R> = R extends z.ZodType
  ? ReadonlyDeep<z.input<R>> | Reply<ReadonlyDeep<z.input<R>>>
  : void | Reply<never>

/** A handler may answer read-only data: it is only written out. */
type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T

declare const routeTypes: unique symbol

/** One endpoint. `In` and `Out` are plain types: what a typed caller passes and gets. */
export interface Route<In = any, Out = any, Perm extends string = string> {
  readonly $$type: 'clientele/route'
  readonly method: Method
  // `any`: routes of unrelated schemas are kept in one table; the typed face is `In` and `Out`.
  readonly definition: RouteDefinition<Perm, any, any, any, any>
  /** For a route that shows what higher plugins add to an entity: the route once they are known. */
  readonly extended?: {
    readonly entity: AnyEntity
    readonly by: (extensions: readonly AnyEntity[]) => Route
  }
  /** For a route of `crudRoutes`: the entity behind it, and how its rows are reached. */
  readonly crud?: {
    readonly entity: AnyEntity
    readonly path: string
    readonly read: string
    readonly write: string
  }
  readonly [routeTypes]?: readonly [In, Out]
}

type CallInput<P, Q, B> = ([P] extends [z.ZodType] ? { readonly params: Input<P> } : unknown) &
  ([Q] extends [z.ZodType] ? { readonly query?: Input<Q> } : unknown) &
  ([B] extends [z.ZodType] ? { readonly body: Input<B> } : unknown)

type Define = <
  const Perm extends string,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
  T extends string | undefined = undefined,
>(
  definition: RouteDefinition<Perm, P, Q, B, R> & { readonly produces?: T },
) => Route<CallInput<P, Q, B>, OutputOf<R, T>, Perm>

/** What a typed caller gets: of a streamed answer the pieces. */
type OutputOf<R, T> = R extends z.ZodType
  ? z.output<R>
  : T extends string
    ? AsyncIterable<Uint8Array | string>
    : void

const define =
  (method: Method): Define =>
  (definition) =>
    ({ $$type: 'clientele/route', method, definition }) as never

/**
 * Declares an endpoint.
 *
 * @example
 * route.get({
 *   path: '/api/v1/notes/:id', permission: 'notes:read', summary: 'One note',
 *   params: idParams, response: Note.row,
 *   handler: ({ params }, ctx) => ctx.repo(Note).get(params.id),
 * })
 */
export const route: Readonly<Record<Method, Define>> = {
  get: define('get'),
  post: define('post'),
  put: define('put'),
  patch: define('patch'),
  delete: define('delete'),
}

/** Routes as the typed in-process client sees them. */
export type ApiOf<Routes> = {
  readonly [K in keyof Routes]: Routes[K] extends Route<infer In, infer Out>
    ? {} extends In
      ? (input?: In) => Promise<Out>
      : (input: In) => Promise<Out>
    : never
}
