import { UpsertRace } from '../entity/entity-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { ContextScope } from '../kernel/runtime.ts'
import { rememberAdder, traceTransaction } from '../observe/trace-work.ts'
import type { OpenSpan } from '../observe/tracing.ts'
import type { Connection } from '../storage/storage.ts'
import type { ContextHost } from './context-host.ts'
import type { Tx } from './context.ts'
import { TransactionConnection } from './transaction-connection.ts'
import { runCommitSteps, TransactionContext, type TransactionMark } from './transaction-context.ts'

/** How often a transaction runs at most when the database asks to run it again. */
const ATTEMPTS = 3

/** Runs `fn` in a write transaction of its own; again after a serialization failure, deadlock or busy. */
export async function runTransaction<T>(
  host: ContextHost,
  scope: ContextScope,
  fn: (t: Tx) => Promise<T>,
): Promise<T> {
  host.refuseInsideTransaction(scope.tenantId)
  const { instruments } = host.runtime
  const startedAt = performance.now()
  try {
    const result = await traceTransaction(scope.tenantId, (span) => attemptTransaction(host, scope, fn, span))
    instruments.transactions.committed.add()
    return result
  } catch (error) {
    instruments.transactions.undone.add()
    instruments.sawError(error)
    throw error
  } finally {
    instruments.transactionSeconds.observe((performance.now() - startedAt) / 1000)
  }
}

async function attemptTransaction<T>(
  host: ContextHost,
  scope: ContextScope,
  fn: (t: Tx) => Promise<T>,
  span: OpenSpan | null,
): Promise<T> {
  const { storage, instruments } = host.runtime
  for (let attempt = 1; ; attempt++) {
    try {
      const mark = newMark()
      const result = await storage.write({ tenantId: scope.tenantId }, (connection) =>
        runOn(host, scope, { connection, mark }, fn),
      )
      if (mark.enqueuedJobs.size > 0) rememberAdder(scope.trace?.correlationId ?? scope.requestId, span)
      afterCommit(host, mark)
      return result
    } catch (error) {
      const again = error instanceof UpsertRace || storage.isRetryable(error)
      if (!again || attempt === ATTEMPTS) throw error
      instruments.transactions.again.add()
      span?.set({ 'clientele.attempts': attempt + 1 })
    }
  }
}

/** Opens a transaction for the host. Workers hear of the jobs that joined it once it has committed. */
export async function runHostTransaction<T>(
  host: ContextHost,
  fn: (connection: unknown) => Promise<T>,
): Promise<T> {
  host.refuseInsideTransaction('*')
  const joined = new Set<TransactionMark>()
  const mark: TransactionMark = { ...newMark(), joined }
  const run = async (connection: unknown): Promise<T> => {
    try {
      const answer = await host.insideTransaction.run(mark, () => fn(connection))
      if (joined.size > 0) throw coreErrors['storage.join_unfinished']({ running: joined.size })
      return answer
    } finally {
      mark.active = false
      // What goes on all the same must not write into a transaction of someone else.
      for (const left of joined) left.active = false
    }
  }
  const result = await host.runtime.storage.hostTransaction(run)
  afterCommit(host, mark)
  return result
}

/**
 * Runs `fn` on the host's open transaction, in a savepoint: a failure leaves nothing behind, and a lost race of upserts
 * is run again.
 */
export async function runJoined<T>(
  host: ContextHost,
  scope: ContextScope,
  hostConnection: unknown,
  fn: (t: Tx) => Promise<T>,
): Promise<T> {
  const around = host.insideTransaction.getStore()
  if (!around?.joined) host.refuseInsideTransaction(scope.tenantId)
  const mark = newMark()
  around?.joined?.add(mark)
  try {
    const connection = await host.runtime.storage.join({ tenantId: scope.tenantId }, hostConnection)
    const whole = async (t: Tx): Promise<T> => {
      const answer = await fn(t)
      await runCommitSteps(mark)
      return answer
    }
    const result = await runOn(host, scope, { connection, mark }, (t) => inSavepoint(t, whole))
    for (const name of mark.enqueuedJobs) around?.enqueuedJobs.add(name)
    for (const hint of mark.hints) around?.hints.add(hint)
    return result
  } finally {
    around?.joined?.delete(mark)
  }
}

async function inSavepoint<T>(t: Tx, fn: (t: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await t.tx(fn)
    } catch (error) {
      if (!(error instanceof UpsertRace) || attempt === ATTEMPTS) throw error
    }
  }
}

function newMark(): TransactionMark {
  return {
    active: true,
    enqueuedJobs: new Set(),
    hints: new Set(),
    savepoints: { made: 0, open: [] },
    steps: new Map(),
  }
}

function afterCommit(host: ContextHost, { enqueuedJobs, hints }: TransactionMark): void {
  if (enqueuedJobs.size > 0) host.queue.notify([...enqueuedJobs])
  for (const hint of hints) hint()
}

async function runOn<T>(
  host: ContextHost,
  scope: ContextScope,
  { connection, mark }: { readonly connection: Connection; readonly mark: TransactionMark },
  fn: (t: Tx) => Promise<T>,
): Promise<T> {
  const own = new TransactionConnection(connection, scope.tenantId)
  const t = new TransactionContext(host, scope, own, mark)
  try {
    return await host.insideTransaction.run(mark, async () => {
      await scope.guard?.(t, 'begin')
      const answer = await fn(t)
      await runCommitSteps(mark)
      if (mark.savepoints.crossed) throw mark.savepoints.crossed
      await scope.guard?.(t, 'commit')
      return answer
    })
  } finally {
    mark.active = false
    await own.end()
  }
}
