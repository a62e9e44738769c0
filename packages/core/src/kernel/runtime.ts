import type { ChangeRecorder } from '../change/record.ts'
import type { Actor } from '../context/actor.ts'
import type { Ctx, Origin, Tx } from '../context/context.ts'
import type { KeyRing } from '../keys/key-ring.types.ts'
import type { Live } from '../live/live.types.ts'
import type { MailOptions } from '../mail/mail.options.ts'
import type { Instruments } from '../observe/instruments.ts'
import type { Registry } from '../plugin/registry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { BuildPrepared, Prepared, SqlLayer } from '../sql/sql-layer.ts'
import type { Connection, Storage } from '../storage/storage.ts'

/** What led to a piece of work; carried through events and jobs. */
export interface Trace {
  readonly correlationId: string
  readonly causationId: string | null
  readonly depth: number
}

/** Everything a context is made from. */
export interface ContextScope {
  readonly tenantId: string
  readonly actor: Actor
  readonly requestId: string
  /** Of the client; none for what no request has asked for. */
  readonly ip?: string
  readonly origin: Origin
  readonly signal: AbortSignal
  readonly trace?: Trace
  /** Runs at the beginning of each transaction and again before its commit; throwing ends it (fencing). */
  readonly guard?: (t: InternalTx, phase: 'begin' | 'commit') => Promise<void>
}

/** The parts of a running instance that the modules of the core share. Internal to the core. */
export interface Runtime {
  readonly registry: Registry
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly logger: Logger
  readonly keys: KeyRing
  readonly sql: SqlLayer
  readonly mode: 'single' | 'multi'
  /** The host's list of tenants, in multi mode. */
  readonly tenants?: (() => Promise<readonly string[]>) | undefined
  /** How mails leave. */
  readonly mail: MailOptions
  /** What the core keeps of every write. */
  readonly recorders: readonly ChangeRecorder[]
  readonly live: Live
  /** What is counted. */
  readonly instruments: Instruments
  /** A context for one tenant and actor. Cheap: made per request and per job run. */
  context(scope: ContextScope): Ctx
}

/** What the core's modules know of a context besides its public face. */
export interface InternalCtx extends Ctx {
  /** Of the instance; see {@link runtimeOf}. */
  readonly runtime: Runtime
  /** A read of a hot path, compiled once per key; see `PreparedQueries`. */
  prepared<T>(key: string, build: BuildPrepared<T>, parameters?: Prepared): Promise<T[]>
}

/** What the core's modules know of a transaction besides its public face. */
export interface InternalTx extends Tx, Pick<InternalCtx, 'prepared' | 'runtime'> {
  readonly trace: Trace
  /** Names of the jobs added so far; workers are told after the commit. */
  readonly enqueuedJobs: Set<string>
  /**
   * Called after the commit: hints that somebody may look sooner than he would anyway. Nothing may depend on them; a
   * process that dies, and a host that commits a joined transaction, does not call them.
   */
  readonly hints: Set<() => void>
  /** The same transaction, doing what an event led to. */
  withTrace(trace: Trace): InternalTx
  /** The same transaction, for writes that are carried over from elsewhere. */
  withOrigin(origin: Origin): InternalTx
  /** @throws `storage.transaction_over` */
  readonly connection: Connection
}

/** The instance behind a context, for services of the core: they are made without one. */
export function runtimeOf(ctx: Ctx): Runtime {
  return (ctx as InternalCtx).runtime
}

/** A transaction reads its own writes, which no other lane sees, and others may wait for its end. */
export function isTransaction(ctx: Ctx): boolean {
  return 'enqueue' in ctx
}
