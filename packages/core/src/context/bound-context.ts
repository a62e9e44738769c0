import type { Kysely } from 'kysely'
import type { ServiceToken } from '../di/token.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { EntityReader } from '../entity/entity-reader.ts'
import type { ContextScope, InternalCtx, Runtime } from '../kernel/runtime.ts'
import type { ExtensionPoint } from '../plugin/extension-point.ts'
import { toTimestamp, type Timestamp } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { readSettings } from '../settings/read-settings.ts'
import type { Settings } from '../settings/settings.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { BuildPrepared, Prepared } from '../sql/sql-layer.ts'
import { hasPermission, type Actor } from './actor.ts'
import type { ContextHost } from './context-host.ts'
import type { Origin, Population, ReadRepo, Repo, Tx } from './context.ts'
import { READ } from './read-binding.ts'

/** A context outside a transaction. Made per request and per job run, so it holds next to nothing. */
export class BoundContext implements InternalCtx {
  readonly tenantId: string
  readonly actor: Actor
  readonly requestId: string
  readonly ip: string | null
  readonly origin: Origin
  readonly signal: AbortSignal
  readonly scope: ContextScope
  protected readonly host: ContextHost

  constructor(host: ContextHost, scope: ContextScope) {
    this.host = host
    this.scope = scope
    this.tenantId = scope.tenantId
    this.actor = scope.actor
    this.requestId = scope.requestId
    this.ip = scope.ip ?? null
    this.origin = scope.origin
    this.signal = scope.signal
  }

  get runtime(): Runtime {
    return this.host.runtime
  }

  get db(): Kysely<any> {
    return this.host.readerOf(this.tenantId)
  }

  get dbWithRemoved(): Kysely<any> {
    return this.host.readerOf(this.tenantId, 'show')
  }

  get population(): Population {
    return this.host.populationOf(this.tenantId, this.signal)
  }

  get sql(): SqlHelpers {
    return this.host.runtime.sql.helpers
  }

  get log(): Logger {
    return this.host.runtime.logger.child({ tenantId: this.tenantId, requestId: this.requestId })
  }

  now(): Timestamp {
    return toTimestamp(this.host.runtime.clock.now())
  }

  newId(): string {
    return this.host.runtime.ids.next()
  }

  get<S>(token: ServiceToken<S>): S {
    return this.host.services().get(token)
  }

  extensions<T>(point: ExtensionPoint<T>): readonly T[] {
    return (this.host.runtime.registry.contributions.get(point.id) ?? []) as readonly T[]
  }

  can(permission: string): boolean {
    return hasPermission(this.actor, permission)
  }

  settings<T>(settings: Settings<T>): Promise<T> {
    return readSettings(this, settings)
  }

  repo<E extends AnyEntity>(entity: E): ReadRepo<E> & Repo<E> {
    // Typed by the interface: outside a transaction only the reading half is visible.
    return new EntityReader(this.host.runtime, this, entity) as unknown as ReadRepo<E> & Repo<E>
  }

  prepared<T>(key: string, build: BuildPrepared<T>, parameters?: Prepared): Promise<T[]> {
    const { tenantId } = this
    const { sql, storage } = this.host.runtime
    this.host.refuseInsideTransaction(tenantId)
    return storage.read({ tenantId }, (connection) =>
      sql.prepared.run(connection, { tenantId, ...READ }, key, build, parameters),
    )
  }

  tx<T>(fn: (t: Tx) => Promise<T>): Promise<T> {
    return this.host.transact(this.scope, fn)
  }
}
