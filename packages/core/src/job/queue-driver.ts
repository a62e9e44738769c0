/**
 * Carries the hint that jobs were added to other processes, so that they need not wait for their next look. The rows
 * in the database stay the truth: a lost hint costs at most the polling interval, a false one a look.
 */
export interface QueueDriver {
  readonly id: string
  /** Jobs of these names were committed. A failure is logged and otherwise ignored. */
  announce(names: readonly string[]): Promise<void>
  /** Calls `wake` for announcements of any process, with the names where the driver carries them. */
  listen(wake: (names?: readonly string[]) => void): Promise<{ close(): Promise<void> }>
}
