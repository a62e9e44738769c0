/** A queue under measurement. */
export interface Contender {
  /** Adds jobs, {@link BATCH} in a transaction. */
  enqueue(count: number): Promise<void>
  /** Takes and settles jobs until none is left, {@link BATCH} at a time. Answers how many. */
  work(): Promise<number>
  close(): Promise<void>
}

/** Jobs per transaction, on both sides. */
export const BATCH = 100

/** What a job says: about as much as a recompute or a send. */
export const inputOf = (
  n: number,
): { readonly customerId: string; readonly step: number; readonly reason: string } => ({
  customerId: `0198a1b2-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  step: n,
  reason: 'a timer has come due',
})
