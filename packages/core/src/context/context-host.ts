import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { ServiceContainer } from '../di/container.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Events } from '../event/events.ts'
import type { Queue } from '../job/queue.ts'
import type { ContextScope, Runtime } from '../kernel/runtime.ts'
import type { Binding } from '../sql/sql-layer.ts'
import type { Compilable, Population, Tx } from './context.ts'
import { createPopulation } from './population.ts'
import { READ } from './read-binding.ts'
import { runTransaction } from './run-transaction.ts'
import type { TransactionMark } from './transaction-context.ts'

/** What contexts of one instance share. */
export interface ContextHost {
  readonly runtime: Runtime
  readonly queue: Queue
  readonly events: Events
  services(): ServiceContainer
  /** Runs `fn` in a write transaction of its own. */
  transact<T>(scope: ContextScope, fn: (t: Tx) => Promise<T>): Promise<T>
  /** Reads bound to a tenant, on the read lane. */
  readerOf(tenantId: string, removed?: Binding['removed']): Kysely<any>
  populationOf(tenantId: string, signal: AbortSignal): Population
  /** Marks the code running inside a transaction, so that a forgotten outer handle is found. */
  readonly insideTransaction: AsyncLocalStorage<TransactionMark>
  /** @throws `storage.outer_handle` inside a transaction of this instance. */
  refuseInsideTransaction(tenantId: string): void
}

/** Bound readers kept for the tenants seen last. */
const READERS = 512

export function createContextHost(parts: {
  readonly runtime: Runtime
  readonly queue: Queue
  readonly events: Events
  readonly services: () => ServiceContainer
}): ContextHost {
  const { runtime } = parts
  const readers = new Map<string, Kysely<any>>()
  const insideTransaction = new AsyncLocalStorage<TransactionMark>()
  const population = createPopulation(runtime.storage)
  const refuseInsideTransaction = (tenantId: string): void => {
    if (insideTransaction.getStore()?.active) throw coreErrors['storage.outer_handle']({ tenantId })
  }
  const host: ContextHost = {
    ...parts,
    transact: (scope, fn) => runTransaction(host, scope, fn),
    insideTransaction,
    refuseInsideTransaction,
    readerOf(tenantId, removed = READ.removed) {
      const key = `${removed} ${tenantId}`
      const known = readers.get(key)
      if (known) return known
      const binding: Binding = { ...READ, tenantId, removed }
      const reader = runtime.sql.kysely(binding, {
        async use(run) {
          refuseInsideTransaction(tenantId)
          return runtime.storage.read({ tenantId }, run)
        },
      })
      if (readers.size >= READERS) readers.delete(readers.keys().next().value!)
      readers.set(key, reader)
      return reader
    },
    populationOf: (tenantId, signal) => ({
      async run<T>(
        query: Compilable<T>,
        options: { signal?: AbortSignal; latest?: string } = {},
      ): Promise<T[]> {
        refuseInsideTransaction(tenantId)
        const statement = runtime.sql.statementOf(query)
        const merged = options.signal ? AbortSignal.any([signal, options.signal]) : signal
        return (await runtime.instruments.population(() =>
          population(tenantId, statement, merged, options.latest),
        )) as T[]
      },
    }),
  }
  return host
}
