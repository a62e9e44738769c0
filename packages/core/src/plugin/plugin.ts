import type * as z from 'zod'
import type { AdminContribution } from './admin.ts'
import type { ChangeSubscriber } from '../change/change.ts'
import type { Ctx } from '../context/context.ts'
import type { Provider } from '../di/token.ts'
import type { AnyEntity, TablesOf } from '../entity/entity.ts'
import type { ErrorTable } from '../errors/clientele-error.ts'
import type { DomainEvent, EventHandler } from '../event/domain-event.ts'
import type { ApiOf, Route } from '../http/route.ts'
import type { JobHandler } from '../job/job.ts'
import type { Migration } from '../migration/migration.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Settings } from '../settings/settings.ts'
import type { Contribution } from './extension-point.ts'

/** The types a plugin adds to its host, written out by name at the package's edge. */
export interface PluginShape {
  readonly id: string
  /** Table name → table type, for typed queries. */
  readonly tables: object
  /** Route name → typed call. */
  readonly api: object
}

declare const pluginShape: unique symbol

/** A configured plugin: what a factory such as `customers()` answers. */
export interface Plugin<S extends PluginShape = PluginShape> {
  readonly $$type: 'clientele/plugin'
  readonly id: S['id']
  readonly version: string
  readonly definition: AnyPluginDefinition
  /** As given, before validation. */
  readonly options: unknown
  readonly [pluginShape]?: S
}

// `any`: factories of unrelated options and shapes.
export type AnyPlugin = Plugin<any>
export type AnyPluginFactory = ((...options: any[]) => AnyPlugin) & { readonly pluginId?: string }
export type AnyPluginDefinition = PluginDefinition<any, any, any, any, any, any>

/** The shape of a plugin or of its factory. */
export type ShapeOf<P> =
  P extends Plugin<infer S> ? S : P extends (...options: any[]) => Plugin<infer S> ? S : never

type Options<O> = O extends z.ZodType ? z.output<O> : undefined

/** A permission that routes ask for and roles hold. */
export interface PermissionDefinition {
  /** What it lets a person do. */
  readonly label: string
  /** Built-in roles that have it from the start. */
  readonly roles?: readonly ('admin' | 'editor' | 'viewer')[]
  /** About all tenants together: no role of a tenant can hold it, only a platform operator. @default false */
  readonly platform?: boolean
}

/**
 * A plugin: a plain object that reads as a table of contents. Everything is collected before any code runs.
 */
export interface PluginDefinition<
  Id extends string,
  Es extends readonly AnyEntity[],
  Perm extends string,
  D extends readonly AnyPluginFactory[],
  Rs extends Readonly<Record<string, Route<any, any, any>>>,
  O extends z.ZodType | undefined,
> {
  /** Lower-case words with hyphens; prefix of its permissions and jobs. */
  readonly id: Id
  /** Of this package, semver. */
  readonly version: string
  readonly requires: {
    /** Semver range of `@clientele/core`. */
    readonly core: string
    /** Plugin id → semver range, for plugins in `dependsOn`. */
    readonly plugins?: Readonly<Record<string, string>>
  }
  /** Imported factories, so that their types come along. */
  readonly dependsOn?: D
  /** What the host may set; describe each field. Wrong options are found at start. */
  readonly options?: O
  readonly entities?: Es
  /** Name → migration, run in name order: `0001-orders`. */
  readonly migrations?: Readonly<Record<string, Migration>>
  readonly settings?: readonly Settings[]
  readonly permissions?: Readonly<Record<Perm, PermissionDefinition>>
  readonly errors?: ErrorTable
  readonly services?: (options: Options<O>) => readonly Provider[]
  readonly routes?: Rs
  readonly events?: readonly DomainEvent[]
  readonly handlers?: readonly EventHandler[]
  readonly changes?: readonly ChangeSubscriber[]
  readonly jobs?: readonly JobHandler[]
  /** Jobs added at certain instants; each job must be among the plugin's own. */
  readonly schedules?: readonly Schedule[]
  /** Its pages in the admin panel. */
  readonly admin?: AdminContribution
  /** A list, or a function of the options. */
  readonly contributes?: readonly Contribution[] | ((options: Options<O>) => readonly Contribution[])
  /** After migrations, in dependency order; a failure aborts the start and names the plugin. */
  readonly start?: (ctx: Ctx, options: Options<O>) => void | Promise<void>
  /** In reverse order. */
  readonly stop?: (ctx: Ctx, options: Options<O>) => void | Promise<void>
}

type Factory<S extends PluginShape, O> = (O extends z.ZodType
  ? {} extends z.input<O>
    ? (options?: z.input<O>) => Plugin<S>
    : (options: z.input<O>) => Plugin<S>
  : () => Plugin<S>) & { readonly pluginId: S['id'] }

/**
 * Declares a plugin and answers its factory.
 *
 * @example
 * export const notes = definePlugin({
 *   id: 'notes', version: '1.0.0', requires: { core: '^0.1.0' },
 *   entities: [Note], migrations: { '0001-notes': m0001 },
 *   permissions: { 'notes:read': { label: 'Read notes' } },
 *   routes: noteRoutes,
 * })
 */
export function definePlugin<
  const Id extends string,
  const Es extends readonly AnyEntity[] = [],
  Perm extends string = never,
  const D extends readonly AnyPluginFactory[] = [],
  Rs extends Readonly<Record<string, Route<any, any, NoInfer<Perm> | 'public' | 'authenticated'>>> = {},
  O extends z.ZodType | undefined = undefined,
>(
  definition: PluginDefinition<Id, Es, Perm, D, Rs, O>,
): Factory<{ readonly id: Id; readonly tables: TablesOf<Es>; readonly api: ApiOf<Rs> }, O> {
  const factory = (options?: unknown): AnyPlugin => ({
    $$type: 'clientele/plugin',
    id: definition.id,
    version: definition.version,
    definition,
    options,
  })
  return Object.assign(factory, { pluginId: definition.id }) as never
}
