import type { LiveEvent } from '../live/live-event.ts'

/** An application as far as its client knows it: `typeof cdp`. */
export interface ClientApp {
  as(): { readonly api: object }
}

/**
 * Where each call goes: plugin → route → method and path, as `GET /client.json` answers it. Behind the path stand
 * marks: `stream` where the answer is no JSON, `once` where an `Idempotency-Key` is honoured.
 */
export type ClientRoutes = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What a client needs to know. */
export interface ClientOptions {
  /**
   * Where the router is mounted, without a trailing slash: `https://shop.example/cdp`. In a browser it may be a path,
   * `''` for the page's own origin.
   */
  readonly baseUrl: string
  /** Sent as `Authorization: Bearer …`; a function is asked before every request. @default none */
  readonly token?: string | (() => Token | Promise<Token>)
  /** The tenant to act in, for callers who have several. @default that of the credentials */
  readonly tenantId?: string
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch
  /** How often a call is repeated at most. @default 2 */
  readonly retries?: number
  /** Give POST and PATCH an `Idempotency-Key` each, so that they can be repeated. @default true */
  readonly idempotency?: boolean
  /** What `GET /client.json` answers. @default asked for once, with the first call */
  readonly routes?: ClientRoutes
}

type Token = string | null | undefined

/** What goes with one call. */
export interface CallOptions {
  /** Ends the call, and waiting for the next try. */
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** The version you saw; a row that has changed since is 412, with the row as it is now in `current`. */
  readonly ifMatch?: number
  /** A key of your own, the same for every try of one thing; false for none. */
  readonly idempotencyKey?: string | false
  /** A body that is no JSON, for routes that read it themselves, such as an upload. Streams are sent only once. */
  readonly body?: NonNullable<RequestInit['body']>
  /** @default the client's */
  readonly tenantId?: string
}

/** What live updates tell of. */
export interface LiveOptions {
  /** Names of entities. */
  readonly entities?: readonly string[]
  /** Also how jobs stand. @default false */
  readonly jobs?: boolean
  /** Goes on behind this event of an earlier connection. @default from now on */
  readonly lastEventId?: string
  /** Ends the updates. */
  readonly signal?: AbortSignal | undefined
  /** @default the client's */
  readonly tenantId?: string
}

/** Calls to a running application, typed as it is. Made by `createClient`. */
export interface Client<App extends ClientApp> {
  /** `api.customers.list({ query })`: the calls of `cdp.as().api`, over HTTP. */
  readonly api: ClientApi<ReturnType<App['as']>['api']>
  /**
   * Tells of writes and jobs as they happen, for as long as the loop runs. A lost connection is made again and goes on
   * behind the last event: nothing is left out, nothing comes twice. A `reset` says that there is a gap all the same.
   *
   * @throws ClientError when the server refuses: wrong credentials, an unknown entity
   */
  readonly live: (options?: LiveOptions) => AsyncGenerator<LiveEvent, void>
}

/** Typed calls over HTTP. */
export type ClientApi<Api> = {
  readonly [Plugin in keyof Api]: { readonly [Name in keyof Api[Plugin]]: ClientCall<Api[Plugin][Name]> }
}

type ClientCall<Call> = Call extends (...input: infer Input) => Promise<infer Answer>
  ? (...args: [...Input, options?: CallOptions]) => Promise<AnswerOf<Answer>>
  : never

/** What is streamed comes as the response, unread: `.body`, `.blob()`, `.text()`. */
type AnswerOf<Answer> = Answer extends AsyncIterable<unknown> ? Response : Answer
