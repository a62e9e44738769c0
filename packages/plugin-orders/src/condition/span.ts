import { boundsOf, nextEdge, type Environment, type Window } from '@clientele/conditions'
import { fromTimestamp, toTimestamp, type Timestamp } from '@clientele/core'
import type { Rows } from './rows.ts'

/** Where a window lies now, as far as it has come: what is dated after now has not happened. */
export interface Span {
  /** Belongs to it; null when it has no beginning. */
  readonly from: Timestamp | null
  /** Does not belong to it. */
  readonly until: Timestamp
}

/** The first instant that databases hold; a window that begins before it begins nowhere. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z')

export function spanOf(within: Window | undefined, environment: Environment): Span {
  const { from, until } = boundsOf(within, environment)
  return {
    from: from < FIRST ? null : toTimestamp(Math.min(from, environment.now + 1)),
    until: toTimestamp(Math.max(Math.min(until, environment.now + 1), FIRST)),
  }
}

/** Narrows rows to those whose `column` lies in the span. */
export function inSpan(rows: Rows, column: string, { from, until }: Span): Rows {
  const before = rows.where(column, '<', until)
  return from === null ? before : before.where(column, '>=', from)
}

/** The same in memory. */
export function isInSpan(at: Timestamp, { from, until }: Span): boolean {
  return at < until && (from === null || at >= from)
}

/** The first instant after now at which one of these may come into the window or leave it; null when none will. */
export function nextChangeOf(
  instants: readonly Timestamp[],
  within: Window | undefined,
  environment: Environment,
): number | null {
  let next: number | null = null
  for (const instant of instants) {
    const at = fromTimestamp(instant)
    const change = at > environment.now ? at : nextEdge(at, within, environment)
    if (change !== null && (next === null || change < next)) next = change
  }
  return next
}
