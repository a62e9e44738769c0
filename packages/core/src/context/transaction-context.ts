import type { Kysely } from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { EntityWriter, type WriterTx } from '../entity/entity-writer.ts'
import type { DomainEvent } from '../event/domain-event.ts'
import type { Job } from '../job/job.ts'
import type { ContextScope, InternalTx, Trace } from '../kernel/runtime.ts'
import type { Binding, BuildPrepared, ConnectionSource, Prepared } from '../sql/sql-layer.ts'
import type { Connection } from '../storage/storage.ts'
import { BoundContext } from './bound-context.ts'
import type { CommitStep } from './commit-step.ts'
import type { ContextHost } from './context-host.ts'
import type { EnqueueOptions, Origin, Repo, Tx } from './context.ts'
import { READ } from './read-binding.ts'

/** Steps that gather for each other without an end are a fault. */
const MAX_ROUNDS = 1000

/** What all views of one transaction share. */
export interface TransactionMark {
  /** False once it has ended. */
  active: boolean
  readonly enqueuedJobs: Set<string>
  readonly hints: Set<() => void>
  readonly savepoints: Savepoints
  /** What runs before the commit, in this order. */
  readonly steps: Map<CommitStep<any>, GatheredStep>
  /** Of the host's transaction: those who have joined it and are not done. */
  readonly joined?: Set<TransactionMark>
}

interface GatheredStep {
  readonly t: Tx
  // `any`: each step knows what it gathers.
  readonly gathered: any
}

interface Savepoints {
  made: number
  /** The innermost last. */
  readonly open: string[]
  /** Set once two overlapped: the transaction must not be committed any more. */
  crossed?: Error
}

/** A transaction: a context whose every statement runs on one connection. */
export class TransactionContext extends BoundContext implements WriterTx {
  readonly trace: Trace
  readonly #connection: Connection
  readonly #mark: TransactionMark
  readonly #handles = new Map<string, Kysely<any>>()

  constructor(host: ContextHost, scope: ContextScope, connection: Connection, mark: TransactionMark) {
    super(host, scope)
    this.#connection = connection
    this.trace = scope.trace ?? { correlationId: scope.requestId, causationId: null, depth: 0 }
    this.#mark = mark
  }

  get connection(): Connection {
    if (!this.#mark.active) throw coreErrors['storage.transaction_over']({ tenantId: this.tenantId })
    return this.#connection
  }

  override get db(): Kysely<any> {
    return this.#handle('db', { tenantId: this.tenantId, ...READ })
  }

  override get dbWithRemoved(): Kysely<any> {
    return this.#handle('dbWithRemoved', { tenantId: this.tenantId, writes: 'refuse', removed: 'show' })
  }

  get writable(): Kysely<any> {
    return this.#handle('writable', { tenantId: this.tenantId, writes: 'allow', removed: 'hide' })
  }

  get withRemoved(): Kysely<any> {
    return this.#handle('withRemoved', { tenantId: this.tenantId, writes: 'allow', removed: 'show' })
  }

  get enqueuedJobs(): Set<string> {
    return this.#mark.enqueuedJobs
  }

  get hints(): Set<() => void> {
    return this.#mark.hints
  }

  withTrace(trace: Trace): InternalTx {
    return new TransactionContext(this.host, { ...this.scope, trace }, this.#connection, this.#mark)
  }

  withOrigin(origin: Origin): InternalTx {
    return new TransactionContext(this.host, { ...this.scope, origin }, this.#connection, this.#mark)
  }

  override repo<E extends AnyEntity>(entity: E): Repo<E> {
    return new EntityWriter(this.host.runtime, this, entity)
  }

  override prepared<T>(key: string, build: BuildPrepared<T>, parameters?: Prepared): Promise<T[]> {
    const { tenantId } = this
    return this.#source.use((connection) =>
      this.host.runtime.sql.prepared.run(connection, { tenantId, ...READ }, key, build, parameters),
    )
  }

  /**
   * A savepoint: what `fn` did is undone when it throws, and the transaction goes on.
   * @throws `storage.savepoints_crossed`, also at the commit, when two overlap: undoing one would undo the other
   */
  override async tx<T>(fn: (t: Tx) => Promise<T>): Promise<T> {
    const { savepoints } = this.#mark
    const name = `clientele_${++savepoints.made}`
    await this.#control(`savepoint ${name}`)
    savepoints.open.push(name)
    const ended = await outcomeOf(fn, this)
    if (savepoints.open.at(-1) !== name)
      savepoints.crossed ??= coreErrors['storage.savepoints_crossed']({ tenantId: this.tenantId })
    const at = savepoints.open.indexOf(name)
    savepoints.open.splice(at, 1)
    // From the first crossing on only the outermost still stands for something.
    if (savepoints.crossed && at > 0) throw savepoints.crossed
    if (savepoints.crossed || !ended.ok) await this.#control(`rollback to savepoint ${name}`)
    await this.#control(`release savepoint ${name}`)
    if (savepoints.crossed) throw savepoints.crossed
    if (ended.ok) return ended.result
    throw ended.error
  }

  emit<P>(event: DomainEvent<P>, payload: P): Promise<void> {
    return this.host.events.emit(this, event, payload)
  }

  enqueue<I>(job: Job<I>, input: I, options: EnqueueOptions = {}): Promise<string> {
    return this.host.queue.enqueue(this, job, input, options)
  }

  enqueueMany<I>(job: Job<I>, inputs: readonly I[], options: EnqueueOptions = {}): Promise<string[]> {
    return this.host.queue.enqueueMany(this, job, inputs, options)
  }

  projection<T>(why: string, fn: (db: Kysely<any>) => Promise<T>): Promise<T> {
    if (!why.trim()) throw new TypeError('t.projection needs a reason that a reader will understand')
    return fn(this.writable)
  }

  async lock(entity: AnyEntity, ids: readonly string[]): Promise<void> {
    if (!this.host.runtime.storage.capabilities.rowLocks || ids.length === 0) return
    const { sql } = this
    const unique = [...new Set(ids)].toSorted()
    await this.withRemoved
      .selectFrom(entity.name)
      .select('id')
      .where((eb) => sql.anyOf(eb.ref('id'), 'uuid', unique))
      .orderBy('id')
      // Nobody changes an id, so rows of others may go on referring to these.
      .forNoKeyUpdate()
      .execute()
  }

  async lockName(name: string, mode: 'exclusive' | 'shared' = 'exclusive'): Promise<void> {
    const { storage, registry } = this.host.runtime
    if (!storage.capabilities.rowLocks) return
    const take = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock'
    await this.connection.execute({
      sql: `select ${take}(hashtextextended(concat_ws('/', current_schema(), $1::text), 1))`,
      parameters: [JSON.stringify([registry.tablePrefix, this.tenantId, name])],
    })
  }

  beforeCommit<S>(step: CommitStep<S>): S {
    let known = this.#mark.steps.get(step)
    if (!known) this.#mark.steps.set(step, (known = { t: this, gathered: step.start() }))
    return known.gathered
  }

  async #control(statement: string): Promise<void> {
    await this.connection.execute({ sql: statement, parameters: [] })
  }

  #handle(name: string, binding: Binding): Kysely<any> {
    let handle = this.#handles.get(name)
    if (!handle) {
      handle = this.host.runtime.sql.kysely(binding, this.#source)
      this.#handles.set(name, handle)
    }
    return handle
  }

  readonly #source: ConnectionSource = { use: async (run) => run(this.connection) }
}

/** Runs what was gathered before the commit, and what that gathers in turn. */
export async function runCommitSteps({ steps }: TransactionMark): Promise<void> {
  for (let round = 0; steps.size > 0; round++) {
    if (round > MAX_ROUNDS)
      throw new Error(
        `Commit steps go on asking for each other: ${[...steps.keys()].map(({ id }) => id).join(', ')}`,
      )
    const [[step, { t, gathered }]] = steps as unknown as [[CommitStep<any>, GatheredStep]]
    steps.delete(step)
    await step.run(t, gathered)
  }
}

type Outcome<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly error: unknown }

async function outcomeOf<T>(fn: (t: Tx) => Promise<T>, t: Tx): Promise<Outcome<T>> {
  try {
    return { ok: true, result: await fn(t) }
  } catch (error) {
    return { ok: false, error }
  }
}
