import type { PinMode } from '../../pin/pin-mode.ts'
import type { SegmentKind, SegmentStatus } from '../../segment/segment-kind.ts'
import type { Condition } from '../language/language.ts'

/** A segment as the API answers it. */
export interface SegmentRow {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly description: string | null
  readonly condition: Condition
  readonly kind: SegmentKind
  readonly status: SegmentStatus
  readonly runId: string | null
  readonly memberCount: number | null
  readonly evaluatedAt: string | null
  readonly updatedAt: string
}

/** What a segment's rules were. */
export interface VersionRow {
  readonly id: string
  readonly number: number
  readonly condition: Condition
  readonly kind: SegmentKind
  readonly savedBy: string
  readonly createdAt: string
}

/** One evaluation for everybody. */
export interface RunRow {
  readonly id: string
  readonly reason: string
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  readonly done: number
  readonly total: number | null
  readonly entered: number
  readonly left: number
  readonly startedAt: string
}

/** Somebody who is in or out by hand. */
export interface PinRow {
  readonly customerId: string
  readonly mode: PinMode
  readonly reason: string | null
  readonly expiresAt: string | null
}

/** What an explanation says of a pin. */
export type PinReason = Pick<PinRow, 'mode' | 'reason'>
