import { UpsertRace } from '../entity/entity-error.ts'
import type { ContextScope } from '../kernel/runtime.ts'
import type { Connection } from '../storage/storage.ts'
import type { ContextHost } from './context-host.ts'
import type { Tx } from './context.ts'
import { TransactionContext } from './transaction-context.ts'

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

/** Runs `fn` on the host's open transaction: in a savepoint, so that a failure leaves nothing behind. */
export async function runJoined<T>(
  host: ContextHost,
  scope: ContextScope,
  hostConnection: unknown,
  fn: (t: Tx) => Promise<T>,
): Promise<T> {
  host.refuseInsideTransaction(scope.tenantId)
  const connection = await host.runtime.storage.join({ tenantId: scope.tenantId }, hostConnection)
  const { result } = await runOn(host, scope, connection, (t) => t.tx(fn))
  return result
}

async function runOn<T>(
  host: ContextHost,
  scope: ContextScope,
  connection: Connection,
  fn: (t: Tx) => Promise<T>,
): Promise<{ readonly result: T; readonly enqueuedJobs: ReadonlySet<string> }> {
  const mark = { active: true, enqueuedJobs: new Set<string>() }
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
