import {
  boundsOf,
  durationMs,
  nextEdge,
  periodStart,
  type Environment,
  type Window,
} from '@clientele/conditions'
import type { EventFact } from './event-filter.ts'

/**
 * The first instant after now at which one of these events may begin or cease to count: it happens, or the window
 * moves on. Null when all stays as it is.
 */
export function nextEventEdge(
  events: readonly EventFact[],
  within: Window | undefined,
  environment: Environment,
): number | null {
  const { now } = environment
  return earliest(
    events.map(({ at }) => {
      const edge = nextEdge(at, within, environment)
      return at > now ? Math.min(at, edge ?? at) : edge
    }),
  )
}

/** The earliest instant of those there are. */
export function earliest(instants: readonly (number | null)[]): number | null {
  return instants.reduce(
    (first, one) => (first === null || (one !== null && one < first) ? one : first),
    null,
  )
}

/** An instant at which an event begins or ceases to be one of those that count. */
interface Step {
  readonly at: number
  readonly by: 1 | -1
}

/**
 * The first instant after now at which the answer about how many of these events count differs. Exact, but for calendar
 * windows: there the question is asked again when a period ends that matters.
 *
 * @param events all those meant, also what is still to happen
 */
export function nextCountChange(
  events: readonly EventFact[],
  within: Window | undefined,
  environment: Environment,
  { count, answer }: { readonly count: number; readonly answer: (count: number) => boolean },
): number | null {
  const { now } = environment
  const isCalendar = within !== undefined && 'calendar' in within
  const steps = events
    .flatMap(({ at }) => stepsOf(at, within, environment))
    .filter((step) => step.at > now)
    .toSorted((a, b) => a.at - b.at)
  const change = firstFlip(steps, count, answer)
  return isCalendar ? earliest([change, nextEventEdge(events, within, environment)]) : change
}

function firstFlip(steps: readonly Step[], count: number, answer: (count: number) => boolean): number | null {
  const before = answer(count)
  let number = count
  for (const [place, { at, by }] of steps.entries()) {
    number += by
    // What happens at one instant happens at once.
    if (steps[place + 1]?.at !== at && answer(number) !== before) return at
  }
  return null
}

function stepsOf(at: number, within: Window | undefined, environment: Environment): readonly Step[] {
  if (within && 'last' in within) {
    return [
      { at, by: 1 },
      { at: at + durationMs(within.last) + 1, by: -1 },
    ]
  }
  const { from, until } = boundsOf(within, environment)
  return at >= from && at < until ? [{ at, by: 1 }] : []
}

/** The first instants of a calendar window's periods, and the end of the last. */
export function periodsOf(
  { calendar, from, to }: { calendar: Parameters<typeof periodStart>[0]; from: number; to: number },
  environment: Environment,
): readonly number[] {
  return Array.from({ length: to - from + 2 }, (_, place) => periodStart(calendar, from + place, environment))
}
