import { toTimestamp, zoneTime } from '@clientele/core'
import { expressionBuilder, sql, type Expression } from 'kysely'

/** From when on a zone's clocks are so far ahead of UTC; the first is true of all time before, too. */
export interface OffsetChange {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Milliseconds. */
  readonly offset: number
}

/** Clocks are read as they were and will be between these years; before and after they stand as at the edge. */
const [FROM, UNTIL] = [Date.UTC(1970), Date.UTC(2050)]
const STEP = 30 * 86_400_000

const known = new Map<string, readonly OffsetChange[]>()

/** When a zone's clocks change, 1970 to 2050. Computed once a zone, in some milliseconds. */
function offsetChanges(timeZone: string): readonly OffsetChange[] {
  let changes = known.get(timeZone)
  if (!changes) known.set(timeZone, (changes = readChanges(timeZone)))
  return changes
}

/** How far ahead of UTC the clocks of a zone are at an instant, in milliseconds. */
export function offsetAt(timeZone: string, instant: number): number {
  const changes = offsetChanges(timeZone)
  let [low, high] = [0, changes.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (changes[middle]!.at <= instant) low = middle
    else high = middle - 1
  }
  return changes[low]!.offset
}

/** The same in SQL: a search through the list, which no database has to know the zone for. */
export function offsetExpression(timeZone: string, instant: Expression<unknown>): Expression<number> {
  return searched(offsetChanges(timeZone), instant)
}

const eb = expressionBuilder<any, any>()

function searched(changes: readonly OffsetChange[], instant: Expression<unknown>): Expression<number> {
  if (changes.length === 1) return sql<number>`${sql.lit(changes[0]!.offset)}`
  const middle = Math.floor(changes.length / 2)
  const [before, after] = [changes.slice(0, middle), changes.slice(middle)]
  const isBefore = eb(instant as Expression<any>, '<', toTimestamp(after[0]!.at))
  return sql<number>`(case when ${isBefore} then ${searched(before, instant)} else ${searched(after, instant)} end)`
}

function readChanges(timeZone: string): readonly OffsetChange[] {
  const zone = zoneTime(timeZone)
  const offset = (instant: number): number => zone.wallTimeAt(instant) - instant
  const changes: OffsetChange[] = [{ at: FROM, offset: offset(FROM) }]
  for (let from = FROM; from < UNTIL; from += STEP) {
    // Two changes within a month happen (Morocco's around Ramadan): the middle is looked at as well.
    for (const [start, end] of [
      [from, from + STEP / 2],
      [from + STEP / 2, from + STEP],
    ] as const) {
      const [before, after] = [changes.at(-1)!.offset, offset(end)]
      if (before !== after) changes.push({ at: firstWith(after, start, end, offset), offset: after })
    }
  }
  return changes
}

/** The first whole second in `(from, to]` at which the clocks stand so, given that they do at `to`. */
function firstWith(wanted: number, from: number, to: number, offset: (at: number) => number): number {
  let [low, high] = [from, to]
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (offset(middle) === wanted) high = middle
    else low = middle
  }
  return high
}
