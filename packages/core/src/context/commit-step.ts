import type { Tx } from './context.ts'

/** Work that a transaction does once, at its end, over everything that was gathered for it meanwhile. */
export interface CommitStep<S> {
  readonly $$type: 'clientele/commit-step'
  /** Stable name, shown in errors and traces. */
  readonly id: string
  /** What nothing has been gathered into yet. */
  readonly start: () => S
  /** @param t has the origin and the trace of the first who gathered */
  readonly run: (t: Tx, gathered: S) => Promise<void>
}

/**
 * Defines a step for {@link Tx.beforeCommit}: derived rows of which only the last state counts, however many writes of
 * a transaction bear on them. Throwing undoes the transaction.
 *
 * @example
 * const touched = defineCommitStep('segments.touched', () => new Set<string>(), (t, ids) => evaluate(t, ids))
 * t.beforeCommit(touched).add(customerId)
 */
export function defineCommitStep<S>(
  id: string,
  start: () => S,
  run: (t: Tx, gathered: S) => Promise<void>,
): CommitStep<S> {
  return { $$type: 'clientele/commit-step', id, start, run }
}
