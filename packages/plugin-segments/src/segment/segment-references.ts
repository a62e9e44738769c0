import { dependenciesOf, type Condition, type FactKey } from '@clientele/conditions'
import type { Ctx, Tx } from '@clientele/core'
import { languageOf } from '../audience/language.ts'
import { segmentsErrors } from '../segments.errors.ts'
import type { AudienceTables } from '../segments.tables.ts'
import type { SegmentRow } from './segment.entity.ts'
import type { SegmentUseFinder } from './segment-uses.ts'

const PREFIX = 'segments.'

/** The segments that a condition asks about. */
function segmentsIn(ctx: Ctx, condition: Condition): readonly string[] {
  return [...dependenciesOf(languageOf(ctx), condition)]
    .filter((fact: FactKey) => fact.startsWith(PREFIX))
    .map((fact) => fact.slice(PREFIX.length))
}

interface Named {
  readonly id: string
  readonly name: string
  readonly asks: readonly string[]
}

/**
 * @param id of the segment that gets the condition; null of a new one, which nobody can ask about yet
 * @throws `segments.unknown`, `segments.cycle` with the names along the way
 */
export function refuseWrongSegments(t: Tx, condition: Condition, id: string | null): Promise<void> {
  return refuseWrong(t, segmentsIn(t, condition), id)
}

/**
 * What a segment that was removed asks about may have been removed since, or ask about it by now.
 * @throws `segments.unknown`, `segments.cycle`
 */
export function refuseLostSegments(
  t: Tx,
  { id, condition }: Pick<SegmentRow, 'id' | 'condition'>,
): Promise<void> {
  return refuseWrong(t, asksOf(t, condition), id)
}

async function refuseWrong(t: Tx, asked: readonly string[], id: string | null): Promise<void> {
  if (asked.length === 0) return
  const known = await segmentsByName(t)
  const missing = asked.find((one) => !known.has(one))
  if (missing !== undefined) throw segmentsErrors['segments.unknown']({ id: missing })
  if (id === null) return
  for (const one of asked) {
    const path = pathTo(known, one, id, new Set())
    if (path) throw segmentsErrors['segments.cycle']({ path: [known.get(id)!.name, ...path] })
  }
}

/** The names from a segment to another that it hangs on; null when it does not. */
function pathTo(
  known: ReadonlyMap<string, Named>,
  from: string,
  to: string,
  seen: Set<string>,
): readonly string[] | null {
  const own = known.get(from)
  if (!own || seen.has(from)) return null
  if (from === to) return [own.name]
  seen.add(from)
  for (const next of own.asks) {
    const rest = pathTo(known, next, to, seen)
    if (rest) return [own.name, ...rest]
  }
  return null
}

async function segmentsByName(ctx: Ctx<AudienceTables>): Promise<ReadonlyMap<string, Named>> {
  const rows = await ctx.db.selectFrom('segments').select(['id', 'name', 'condition']).execute()
  return new Map(rows.map((row) => [row.id, { ...row, asks: asksOf(ctx, row.condition) }]))
}

/** Conditions that a missing plugin left behind ask about nothing. */
function asksOf(ctx: Ctx, condition: unknown): readonly string[] {
  try {
    return segmentsIn(ctx, languageOf(ctx).parse(condition))
  } catch {
    return []
  }
}

/** Segments that ask about a segment. */
export const segmentsThatAsk: SegmentUseFinder = {
  async find(ctx, segmentId) {
    const known = await segmentsByName(ctx)
    return [...known.values()]
      .filter(({ asks }) => asks.includes(segmentId))
      .map(({ id, name }) => ({ kind: 'segment', id, name }))
  },
}
