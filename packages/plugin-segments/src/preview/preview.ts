import type { ConditionAdvice } from '@clientele/conditions'
import type { Timestamp } from '@clientele/core'
import type { CustomerRow } from '@clientele/plugin-customers'

/** What a condition would select. */
export interface Preview {
  /** At the instant of `asOf`; an estimate where `estimate` says so. */
  readonly count: number
  /** How far `count` may be off; null when it is exact. */
  readonly estimate: Estimate | null
  /** Of all customers, from 0 to 1; 0 where there are none. */
  readonly share: number
  /** The newest members; of an estimate, the newest of those who were asked. */
  readonly sample: CustomerRow[]
  /** Rules that may not mean what was meant, such as an event that nobody has sent. */
  readonly warnings: readonly ConditionAdvice[]
  readonly asOf: Timestamp
}

/** Between which numbers the exact one lies in 19 of 20 samples. */
export interface Estimate {
  /** It is at most so many more or less than `count`. */
  readonly error: number
  readonly low: number
  readonly high: number
  /** How many customers were asked, drawn by chance. */
  readonly asked: number
}

/** How much of it to show, and how soon. */
export interface PreviewOptions {
  /** 0 to 100. @default 10 */
  readonly sampleSize?: number
  /** A later preview of the same key drops this one. */
  readonly latest?: string
  /** Waits for the exact count, however long it takes. @default an estimate will do */
  readonly exact?: boolean
  /** Milliseconds after which an estimate will do. @default 600 */
  readonly patience?: number
  /** About how many customers an estimate asks. @default 4,000 */
  readonly asks?: number
}

/** Who meets a condition, or how many would. */
export interface Counted {
  readonly count: number
  /** How many customers there are. */
  readonly of: number
  readonly asOf: Timestamp
  /** Some of those who meet it, the newest first. */
  readonly ids: readonly string[]
  readonly estimate: Estimate | null
}
