import type { ChangeSubscriber } from '../change/change.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { DomainEvent, EventHandler } from '../event/domain-event.ts'
import type { Route } from '../http/route.ts'
import type { JobHandler } from '../job/job.ts'
import type { Migration } from '../migration/migration.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Settings } from '../settings/settings.ts'
import type { PhysicalColumn, PhysicalTable } from '../storage/physical.ts'
import type { AnyPlugin, PermissionDefinition } from './plugin.ts'

/** A plugin of the composition with its options. */
export interface InstalledPlugin {
  readonly id: string
  readonly plugin: AnyPlugin
  /** Parsed, defaults filled in. */
  readonly options: unknown
}

/** An entity with its table and its owner. */
export interface RegisteredEntity {
  readonly entity: AnyEntity
  readonly pluginId: string
  readonly tenancy: 'tenant' | 'global'
  readonly softDelete: boolean
  readonly table: PhysicalTable
  /** With the prefix, as it stands in SQL. */
  readonly physicalName: string
  /** Property → column, base columns included. */
  readonly columns: ReadonlyMap<string, PhysicalColumn>
  /** Extensions of this entity, in plugin order. */
  readonly extensions: readonly RegisteredEntity[]
}

/** A route with its owner. */
export interface RegisteredRoute {
  readonly pluginId: string
  /** Key in the plugin's `routes`. */
  readonly name: string
  readonly route: Route
}

/** A migration with its owner. */
export interface RegisteredMigration {
  readonly pluginId: string
  readonly name: string
  readonly migration: Migration
}

/** How an entity is reached from outside: what `crudRoutes` made of it. */
export interface RegisteredCrud {
  readonly entity: RegisteredEntity
  /** Of the collection: `/api/v1/customers`. */
  readonly path: string
  /** The permission to read its rows. */
  readonly read: string
  /** The permission to change its rows. */
  readonly write: string
}

/** Everything the plugins declared, checked and merged. Immutable after `createClientele()`. */
export interface Registry {
  readonly tablePrefix: string
  /** In dependency order; the core itself comes first, as plugin `core`. */
  readonly plugins: readonly InstalledPlugin[]
  /** By the name queries use. */
  readonly entities: ReadonlyMap<string, RegisteredEntity>
  /** By physical name. */
  readonly tables: ReadonlyMap<string, RegisteredEntity>
  readonly permissions: ReadonlyMap<string, PermissionDefinition & { readonly pluginId: string }>
  readonly routes: readonly RegisteredRoute[]
  /** By entity name: those that have routes of `crudRoutes`. */
  readonly crud: ReadonlyMap<string, RegisteredCrud>
  readonly events: ReadonlyMap<string, DomainEvent>
  /** By event name. */
  readonly handlers: ReadonlyMap<string, readonly EventHandler[]>
  /** By job name. */
  readonly jobs: ReadonlyMap<string, JobHandler>
  /** By name. */
  readonly schedules: ReadonlyMap<string, Schedule>
  readonly subscribers: readonly ChangeSubscriber[]
  /** By extension point id. */
  readonly contributions: ReadonlyMap<string, readonly unknown[]>
  readonly settings: ReadonlyMap<string, Settings>
  /** In the order they run: plugins in dependency order, names ascending within one. */
  readonly migrations: readonly RegisteredMigration[]
}
