import type { Kysely } from 'kysely'
import type { ServiceToken } from '../di/token.ts'
import type { AnyEntity, InsertOf, PatchOf, RowOf } from '../entity/entity.ts'
import type { DomainEvent } from '../event/domain-event.ts'
import type { Job } from '../job/job.ts'
import type { ListQuery, Page } from '../http/list-query.ts'
import type { ExtensionPoint } from '../plugin/extension-point.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Settings } from '../settings/settings.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { Actor } from './actor.ts'
import type { CommitStep } from './commit-step.ts'

/** Whether something happens now, is carried over from another system, or is done again. */
export type Origin = 'live' | 'import' | 'replay'

// `any`: the default of a context that does not name its tables; a plugin's own code names them.
type AnyTables = any

/**
 * Everything a piece of work may reach, passed as the first argument and never ambient. One tenant, one actor.
 */
export interface Ctx<DB = AnyTables> {
  readonly tenantId: string
  readonly actor: Actor
  /** Follows the work into jobs and logs. */
  readonly requestId: string
  /** The address of who asked over HTTP; null for jobs and for code of the host. */
  readonly ip: string | null
  readonly origin: Origin
  /** Aborts when the client goes away, the lease is lost or the process stops. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** Typed queries, bound to the tenant; outside a transaction they only read. */
  readonly db: Kysely<DB>
  /** As {@link Ctx.db}, and sees rows that were removed and may still be restored. It only reads. */
  readonly dbWithRemoved: Kysely<DB>
  /** Statements over a population: counts, previews, exports. Off the main thread on SQLite. */
  readonly population: Population
  /** SQL that differs between databases. */
  readonly sql: SqlHelpers
  /** From the clock port; in a transaction it moves on as elsewhere. */
  now(): Timestamp
  /** A new id, from the id port. */
  newId(): string
  /** The service behind a token. */
  get<S>(token: ServiceToken<S>): S
  /** What plugins contributed to an extension point, in plugin order. */
  extensions<T>(point: ExtensionPoint<T>): readonly T[]
  /** Whether the actor holds a permission. Routes ask by themselves; services may, for what depends on the row. */
  can(permission: string): boolean
  /** The tenant's settings of one kind, defaults filled in. */
  settings<T>(settings: Settings<T>): Promise<T>
  /** Reads of one entity. */
  repo<E extends AnyEntity>(entity: E): ReadRepo<E>
  /**
   * Runs `fn` in a transaction; inside a transaction, in a savepoint. On serialization failure, deadlock or busy it
   * runs `fn` again (at most 3 times), so `fn` must have no outside effect.
   */
  tx<T>(fn: (t: Tx<DB>) => Promise<T>): Promise<T>
}

/** A transaction, which is also a context. Only here can anything be written, announced or enqueued. */
export interface Tx<DB = AnyTables> extends Ctx<DB> {
  repo<E extends AnyEntity>(entity: E): Repo<E>
  /** Announces a domain event: `within` handlers run now, `after` handlers become jobs in this transaction. */
  emit<P>(event: DomainEvent<P>, payload: P): Promise<void>
  /** Adds a job that exists only if this transaction commits. Answers its id, or the id of its living duplicate. */
  enqueue<I>(job: Job<I>, input: I, options?: EnqueueOptions): Promise<string>
  /** As {@link Tx.enqueue} for many inputs of one job, in few statements; answers their ids in order. */
  enqueueMany<I>(job: Job<I>, inputs: readonly I[], options?: EnqueueOptions): Promise<string[]>
  /**
   * Direct writes to derived tables (metrics, memberships, counters) that no subscriber needs to see.
   * @param why shown in the list of projections; a reader must understand the exception.
   */
  projection<T>(why: string, fn: (db: Kysely<DB>) => Promise<T>): Promise<T>
  /**
   * Takes the rows' locks in id order until the transaction ends. Whoever writes facts about a customer locks that
   * customer first, so that two writers agree on what they saw. On SQLite the write lock is already held.
   */
  lock(entity: AnyEntity, ids: readonly string[]): Promise<void>
  /**
   * Takes a lock of the tenant's that belongs to no row, until the transaction ends. Those who share it go on side by
   * side; whoever wants it `exclusive` waits for them, and who comes later waits behind. On SQLite the write lock is
   * already held. What is read after it was taken is what the others left.
   * @default exclusive
   */
  lockName(name: string, mode?: 'exclusive' | 'shared'): Promise<void>
  /**
   * What is being gathered for a step that runs once at the end of this transaction, before it commits; of a joined one
   * before `cdp.join` answers. Steps run in the order in which they were first asked for; what they gather runs after
   * them. What a savepoint undid stays gathered, so a step looks at what is there.
   */
  beforeCommit<S>(step: CommitStep<S>): S
}

/** When a job runs, and which others it stands for. */
export interface EnqueueOptions {
  /** Not before this instant. */
  readonly runAt?: Timestamp
  /** At most one job of this key per tenant and job name that waits or runs; what is done or dead does not count. */
  readonly dedupeKey?: string
  /** Higher runs first. @default 0 */
  readonly priority?: number
}

/** A builder that Kysely can compile. */
export interface Compilable<T> {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[]; readonly query: unknown }
  execute(): Promise<T[]>
}

/** The lane for statements over many rows. */
export interface Population {
  /**
   * Runs a query built from `ctx.db`. With `latest`, an earlier run of the same key is dropped (it rejects with
   * `storage.superseded`). What is dropped while it runs is cancelled on PostgreSQL; on SQLite it runs on beside others.
   */
  run<T>(
    query: Compilable<T>,
    options?: { readonly signal?: AbortSignal; readonly latest?: string },
  ): Promise<T[]>
}

/** Reads of one entity's rows, within the tenant. Secrets are not part of a row. */
export interface ReadRepo<E extends AnyEntity> {
  /** The row, or null when it does not exist, is removed, or belongs to another tenant. */
  find(id: string): Promise<RowOf<E> | null>
  /** @throws `entity.not_found` */
  get(id: string): Promise<RowOf<E>>
  /** Rows in the order of `ids`; missing and removed ones are left out. */
  getMany(ids: readonly string[]): Promise<RowOf<E>[]>
  /** A row by its importable key; null also when it is removed. */
  findBySource(source: string, externalId: string): Promise<RowOf<E> | null>
  /** One page, by the list protocol. */
  list(query: ListQuery): Promise<Page<RowOf<E>>>
  /** Decrypts one secret column. @throws `entity.not_found` */
  reveal(id: string, column: keyof E['columns'] & string): Promise<string | null>
}

/** What a write demands of the row. */
export interface WriteOptions {
  /** The version the caller saw. @throws `entity.stale_version` (412, with the current row) */
  readonly ifVersion?: number
}

/** How long after its removal a row may come back. */
export interface RestoreOptions {
  /**
   * `undo`: for 30 days, as people may. `ever`: as long as the row is there, for code that hid it for a reason of its own.
   * @default 'undo'
   */
  readonly within?: 'undo' | 'ever'
}

/** Rows go in by this and nothing else: it stamps id, tenant, times and version, and tells every subscriber. */
export interface Repo<E extends AnyEntity> extends ReadRepo<E> {
  /** @throws `entity.conflict` (a unique value is taken), `entity.reference` (what it names is not there), `entity.invalid_value` */
  insert(values: InsertOf<E>): Promise<RowOf<E>>
  /** As {@link Repo.insert}, in few statements; each subscriber gets one call. */
  insertMany(values: readonly InsertOf<E>[]): Promise<RowOf<E>[]>
  /** @throws `entity.not_found`, `entity.stale_version` */
  patch(id: string, changes: PatchOf<E>, options?: WriteOptions): Promise<RowOf<E>>
  /**
   * One after the other, in the order given; the first that fails ends it. Neighbours that are changed alike are
   * changed at once, and each subscriber gets one call for them.
   */
  patchMany(changes: readonly { readonly id: string; readonly changes: PatchOf<E> }[]): Promise<RowOf<E>[]>
  /** Removes; with `softDelete` it can be restored for 30 days. @throws `entity.not_found`, `entity.stale_version` */
  remove(id: string, options?: WriteOptions): Promise<void>
  /** As one after the other; rows that are only hidden at once. @throws `entity.not_found` */
  removeMany(ids: readonly string[]): Promise<void>
  /** Undoes a soft removal. @throws `entity.not_found` */
  restore(id: string, options?: RestoreOptions): Promise<RowOf<E>>
  /**
   * Inserts, or patches the row with the same `(source, externalId)`. The row is untouched when nothing differs, and
   * when it was removed: an import brings nothing back.
   */
  upsert(values: InsertOf<E> & SourceKey): Promise<RowOf<E>>
  /** As {@link Repo.upsert}; what is new goes in at once. A key given twice is one row. */
  upsertMany(values: readonly (InsertOf<E> & SourceKey)[]): Promise<RowOf<E>[]>
}

/** Names a row of another system: what makes imports idempotent. */
export interface SourceKey {
  readonly source: string
  readonly externalId: string
}
