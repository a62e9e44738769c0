import type { Origin } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'

/** What must be shown to settle a run: the token is new with every claim, so a late worker is known. */
export interface Lease {
  readonly id: string
  readonly token: string
}

/** A job under a lease. */
export interface ClaimedJob extends Lease {
  readonly tenantId: string
  readonly name: string
  readonly input: unknown
  /** 1 for the first run. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly actorKind: string
  readonly actorId: string
  readonly origin: Origin
  readonly correlationId: string
  readonly causationId: string | null
  readonly depth: number
  readonly scheduledFor: Timestamp | null
}

/** How a run ended. `released` gives the job back as if it had not begun; `paused` so too, for
 * later. */
export type Outcome =
  | { readonly kind: 'done'; readonly lease: Lease }
  | { readonly kind: 'released'; readonly lease: Lease }
  | { readonly kind: 'paused'; readonly lease: Lease; readonly reason: string; readonly forMs: number }
  | {
      readonly kind: 'failed'
      readonly lease: Lease
      readonly error: string
      readonly retryInMs: number | null
    }
