import { UpsertRace } from '../entity/entity-error.ts'
import type { ContextScope } from '../kernel/runtime.ts'
import type { Connection } from '../storage/storage.ts'
import type { ContextHost } from './context-host.ts'
import type { Tx } from './context.ts'
import { TransactionContext, type TransactionMark } from './transaction-context.ts'

/** How often a transaction runs at most when the database asks to run it again. */
const ATTEMPTS = 3

/** Runs `fn` in a write transaction of its own; again after a serialization failure, deadlock or busy. */
export async function runTransaction<T>(
  host: ContextHost,
  scope: ContextScope,
  fn: (t: Tx) => Promise<T>,
): Promise<T> {
  host.refuseInsideTransaction(scope.tenantId)
  const { storage } = host.runtime
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, enqueuedJobs } = await storage.write({ tenantId: scope.tenantId }, (connection) =>
        runOn(host, scope, connection, fn),
      )
      if (enqueuedJobs.size > 0) host.queue.notify([...enqueuedJobs])
      return result
    } catch (error) {
      const again = error instanceof UpsertRace || storage.isRetryable(error)
      if (!again || attempt === ATTEMPTS) throw error
    }
  }
}

/** Opens a transaction for the host. Workers hear of the jobs that joined it once it has committed. */
export async function runHostTransaction<T>(
  host: ContextHost,
  fn: (connection: unknown) => Promise<T>,
): Promise<T> {
  host.refuseInsideTransaction('*')
  const mark: TransactionMark = { active: true, enqueuedJobs: new Set(), ofHost: true }
  const run = async (connection: unknown): Promise<T> => {
    try {
      return await host.insideTransaction.run(mark, () => fn(connection))
    } finally {
      mark.active = false
    }
  }
  const result = await host.runtime.storage.hostTransaction(run)
  if (mark.enqueuedJobs.size > 0) host.queue.notify([...mark.enqueuedJobs])
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
  if (!around?.ofHost) host.refuseInsideTransaction(scope.tenantId)
  const connection = await host.runtime.storage.join({ tenantId: scope.tenantId }, hostConnection)
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, enqueuedJobs } = await runOn(host, scope, connection, (t) => t.tx(fn))
      for (const name of enqueuedJobs) around?.enqueuedJobs.add(name)
      return result
    } catch (error) {
      if (!(error instanceof UpsertRace) || attempt === ATTEMPTS) throw error
    }
  }
}

async function runOn<T>(
  host: ContextHost,
  scope: ContextScope,
  connection: Connection,
  fn: (t: Tx) => Promise<T>,
): Promise<{ readonly result: T; readonly enqueuedJobs: ReadonlySet<string> }> {
  const mark: TransactionMark = { active: true, enqueuedJobs: new Set() }
  const t = new TransactionContext(host, scope, connection, mark)
  try {
    const result = await host.insideTransaction.run(mark, async () => {
      await scope.guard?.(t, 'begin')
      const answer = await fn(t)
      await scope.guard?.(t, 'commit')
      return answer
    })
    return { result, enqueuedJobs: mark.enqueuedJobs }
  } finally {
    mark.active = false
  }
}
