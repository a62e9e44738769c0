import type { Router } from 'express'
import type { Kysely } from 'kysely'
import type { Actor } from './context/actor.ts'
import type { coreRoutes } from './core.routes.ts'
import type { Ctx, Origin, Tx } from './context/context.ts'
import type { Provider, ServiceToken } from './di/token.ts'
import type { Authenticator } from './http/authenticator.ts'
import type { ApiOf } from './http/route.ts'
import type { IdempotencyOptions } from './idempotency/idempotency.options.ts'
import type { JobsOptions } from './job/jobs.options.ts'
import type { LimitsOptions } from './limits/limits.options.ts'
import type { MailOptions } from './mail/mail.options.ts'
import type { MigrationStatus } from './migration/migrator.ts'
import type { ObserveOptions } from './observe/observe.options.ts'
import type { Operate } from './observe/operate.ts'
import type { AnyPlugin, ShapeOf } from './plugin/plugin.ts'
import type { Clock } from './ports/clock.ts'
import type { Ids } from './ports/ids.ts'
import type { Logger } from './ports/logger.ts'
import type { Random } from './ports/random.ts'
import type { Storage } from './storage/storage.ts'

/** The plugins of a composition, as their factories answer them. */
export type Plugins = readonly AnyPlugin[]

type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer X) => void
  ? X
  : never
/** Plugin id → shape. */
type Shapes<P extends Plugins> = { readonly [X in P[number] as ShapeOf<X>['id']]: ShapeOf<X> }
/** All tables of the composed plugins, for typed queries. */
export type TablesOfPlugins<P extends Plugins> = UnionToIntersection<ShapeOf<P[number]>['tables']>
/** `api.customers.list(…)` for every plugin and route. */
export type ApiOfPlugins<P extends Plugins> = {
  readonly [K in keyof Shapes<P>]: Shapes<P>[K] extends { readonly api: infer A } ? A : never
}

/** The core's own routes, called like those of a plugin: `api.core.updateSettings(…)`. */
export interface CoreApi {
  readonly core: ApiOf<typeof coreRoutes>
}

/** What a host composes. */
export interface ClienteleOptions<P extends Plugins> {
  readonly storage: Storage
  readonly plugins: P
  readonly tenancy?: {
    /**
     * `single`: every row belongs to tenant `default`. `multi`: the credential decides the tenant.
     * @default 'single'
     */
    readonly mode: 'single' | 'multi'
    /**
     * The ids of all tenants, in multi mode: what schedules of every tenant and maintenance go through. Asked about
     * once a minute; a tenant that is new or gone counts from then on.
     * @default none, or those of the plugin that manages tenants
     */
    readonly tenants?: () => Promise<readonly string[]>
  }
  /** Tried in order, before those that plugins contribute. */
  readonly authenticators?: readonly Authenticator[]
  /** Replaces services by token; the host's last word, and how tests swap parts. */
  readonly overrides?: readonly Provider[]
  /** @default JSON lines on stderr at `info` */
  readonly logger?: Logger
  readonly clock?: Clock
  readonly ids?: Ids
  readonly random?: Random
  /**
   * The key ring, `id:base64,…`, 32 bytes each: the first encrypts, all decrypt.
   * @default the variable `CLIENTELE_KEYS`; else a 0600 file beside the SQLite database; else a start error
   */
  readonly keys?: string
  /** @default 'clientele_' */
  readonly tablePrefix?: string
  /**
   * `auto` migrates at start; `check` refuses to start with pending migrations.
   * @default 'auto'
   */
  readonly migrate?: 'auto' | 'check'
  /** How this process works on jobs. */
  readonly jobs?: JobsOptions
  /**
   * How often the API may be called over HTTP. `false` switches off the limits of routes too.
   * @default no limits but those of routes, such as for signing in
   */
  readonly limits?: LimitsOptions | false
  /** Requests with an `Idempotency-Key`. */
  readonly idempotency?: IdempotencyOptions
  /** How mails leave: transport, sender, and the address that their links begin with. */
  readonly mail?: MailOptions
  /** Who may see metrics. */
  readonly observe?: ObserveOptions
  /** Title and version shown by the API's documentation. */
  readonly api?: { readonly title?: string; readonly version?: string }
}

/** Who acts, and where. */
export interface Scope {
  /** @default 'default' in single mode */
  readonly tenantId?: string
  /** @default the system, with every permission */
  readonly actor?: Actor
  readonly origin?: Origin
  readonly requestId?: string
  readonly signal?: AbortSignal
}

/** The instance acting in one tenant as one actor. */
export interface ScopedClientele<P extends Plugins> {
  /** Calls a route in process: validation, permission and response schema as over HTTP. */
  readonly api: ApiOfPlugins<P> & CoreApi
  /** What services ask for as their first argument: `ctx.get(Customers).findByEmail(ctx, 'ana@example.com')`. */
  readonly ctx: Ctx<TablesOfPlugins<P>>
  /** Typed queries over the tables of the plugins, bound to the tenant. Short reads; writes go through {@link tx}. */
  readonly db: Kysely<TablesOfPlugins<P>>
  // Functions, not methods: taken apart as `const { api, tx } = cdp.as()` they still work.
  /** A service by its token, as `ctx.get` answers it. */
  readonly get: <S>(token: ServiceToken<S>) => S
  /** One write transaction. `fn` may run again after a deadlock: nothing in it may reach outside the database. */
  readonly tx: <T>(fn: (t: Tx<TablesOfPlugins<P>>) => Promise<T>) => Promise<T>
}

/** A composed platform. Construction did no I/O; `start` opens the database. */
export interface Clientele<P extends Plugins = Plugins> {
  /**
   * Opens the storage, migrates, starts plugins in dependency order, then workers.
   * @param options.workers run jobs in this process. @default true
   */
  start(options?: { readonly workers?: boolean }): Promise<void>
  /** Stops taking work, waits for what runs (at most `graceMs`, default 10 s), stops plugins, closes the storage. */
  stop(options?: { readonly graceMs?: number }): Promise<void>
  /** Acts in process. */
  as(scope?: Scope): ScopedClientele<P>
  /**
   * Runs in the host's open transaction; neither commits nor rolls back. When `fn` fails its part is undone, and the
   * host may catch the error and go on. As in a transaction of our own, `fn` may run again (at most 3 times).
   */
  join<T>(connection: unknown, scope: Scope, fn: (t: Tx<TablesOfPlugins<P>>) => Promise<T>): Promise<T>
  /**
   * Opens a transaction for the host in its own database: on SQLite this is the shared writer lane.
   * `connection` is what {@link Clientele.join} takes and what the host's own statements run on. It is never run again.
   * @throws `storage.outer_handle` for anything else of this instance that is used inside
   */
  hostTransaction<T>(fn: (connection: unknown) => Promise<T>): Promise<T>
  /** An Express 5 router, to be mounted once, anywhere, before or after the host's body parser. */
  router(): Router
  /** The OpenAPI 3.1 document. */
  openapi(): Readonly<Record<string, unknown>>
  /** Health, metrics, backups and what else is for whoever runs the instance; behind the command line. */
  readonly operate: Operate
  readonly migrations: {
    up(): Promise<readonly string[]>
    /** Undoes the last batch, or `steps` migrations of one plugin; with `dryRun` only answers which it would. */
    down(options?: {
      readonly plugin?: string
      readonly steps?: number
      readonly dryRun?: boolean
    }): Promise<readonly string[]>
    status(): Promise<MigrationStatus>
  }
  /**
   * Adds the jobs of schedules that are due, then runs due jobs until none is left; answers how many ran. For tests and
   * one-shot workers.
   */
  runJobs(options?: { readonly maxMs?: number }): Promise<number>
}
