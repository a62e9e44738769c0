import type { Cron } from './cron.ts'
import type { ScheduleOptions } from './schedule.ts'

/** An instant that nobody has come to for so long has been missed: longer than processes take to start again. */
const MISSED_AFTER_MS = 60_000

export interface Due {
  /** Those for which a job is added, ascending. */
  readonly instants: readonly number[]
  /** Null when there is none any more. */
  readonly next: number | null
}

/**
 * What is to be done about a schedule whose next instant was `from`. Each instant of the last minute is on time. Of
 * those before, `once` makes up for all of them by one job for the last; where one is on time, that is the one.
 */
export function dueInstants(
  cron: Cron,
  {
    from,
    now,
    missed,
  }: { readonly from: number; readonly now: number } & Required<Pick<ScheduleOptions, 'missed'>>,
): Due {
  const punctual = now - MISSED_AFTER_MS
  const instants: number[] = []
  let next: number | null = from >= punctual ? from : cron.next(punctual - 1)
  while (next !== null && next <= now) {
    instants.push(next)
    next = cron.next(next)
  }
  if (instants.length === 0 && missed === 'once') instants.push(lastBefore(cron, from, punctual))
  return { instants, next }
}

/** The last instant in `[from, until)`, of which `from` is one. Looks back ever further, as instants may be dense. */
function lastBefore(cron: Cron, from: number, until: number): number {
  for (let back = MISSED_AFTER_MS; until - back > from; back *= 4) {
    const last = lastAfter(cron, until - back, until)
    if (last !== null) return last
  }
  return lastAfter(cron, from, until) ?? from
}

function lastAfter(cron: Cron, after: number, until: number): number | null {
  let last: number | null = null
  for (let at = cron.next(after); at !== null && at < until; at = cron.next(at)) last = at
  return last
}
