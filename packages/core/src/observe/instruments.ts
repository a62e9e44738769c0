import { isClienteleError } from '../errors/clientele-error.ts'
import type { MetricsRegistry } from './create-metrics.ts'
import type { Counter, Histogram } from './metrics.ts'

export type JobEnd = 'done' | 'failed' | 'dead' | 'released' | 'lost'

/** What the core counts while it works. Made once per instance; counting is an addition. */
export interface Instruments {
  readonly metrics: MetricsRegistry
  readonly transactions: { readonly committed: Counter; readonly undone: Counter; readonly again: Counter }
  readonly transactionSeconds: Histogram
  /** Notes an error that says the database was busy. */
  sawError(error: unknown): void
  jobEnded(name: string, end: JobEnd, seconds: number): void
  /** Runs a statement of the population lane, counted while it waits or runs. */
  population<T>(run: () => Promise<T>): Promise<T>
}

export function createInstruments(metrics: MetricsRegistry): Instruments {
  const transactions = metrics.counter('clientele_transactions_total', {
    help: 'Write transactions of Clientele by how they ended.',
    labels: ['outcome'],
  })
  const again = metrics.counter('clientele_transaction_retries_total', {
    help: 'Transactions run again after a serialization failure, deadlock or busy database.',
  })
  const transactionSeconds = metrics.histogram('clientele_transaction_duration_seconds', {
    help: 'Write transactions from asking for a connection to the commit, retries included.',
  })
  const busy = metrics.counter('clientele_storage_busy_total', {
    help: 'Transactions that gave up waiting for a lock of the database.',
  })
  const runs = metrics.counter('clientele_job_runs_total', {
    help: 'Runs of jobs in this process by how they ended: failed runs are tried again, dead ones are not.',
    labels: ['job', 'outcome'],
  })
  const jobSeconds = metrics.histogram('clientele_job_duration_seconds', {
    help: 'Runs of jobs in this process.',
    labels: ['job'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900],
  })
  const inLane = metrics
    .gauge('clientele_population_statements', {
      help: 'Statements over many rows that wait or run; SQLite runs one at a time.',
    })
    .of()
  const laneSeconds = metrics
    .histogram('clientele_population_duration_seconds', {
      help: 'Statements over many rows, waiting included.',
      buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 15, 60],
    })
    .of()
  return {
    metrics,
    transactions: {
      committed: transactions.of('committed'),
      undone: transactions.of('rolled_back'),
      again: again.of(),
    },
    transactionSeconds: transactionSeconds.of(),
    sawError(error) {
      if (isClienteleError(error) && error.code === 'storage.busy') busy.of().add()
    },
    jobEnded(name, end, seconds) {
      runs.of(name, end).add()
      jobSeconds.of(name).observe(seconds)
    },
    async population(run) {
      const startedAt = performance.now()
      inLane.add(1)
      try {
        return await run()
      } finally {
        inLane.add(-1)
        laneSeconds.observe((performance.now() - startedAt) / 1000)
      }
    },
  }
}
