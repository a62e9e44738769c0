/** What a process is told to do. */
export interface Task {
  readonly file?: string
  readonly url?: string
  readonly schema?: string
  /** Instances it starts at once. */
  readonly instances: number
  /** Read-modify-writes of one customer by each instance. */
  readonly writes: number
}

/** The customer that everybody counts on. */
export const COUNTED = '00000000-0000-7000-8000-000000000001'
