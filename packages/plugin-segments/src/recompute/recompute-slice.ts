import { membersQuery, type Among, type Environment } from '@clientele/conditions'
import { fromTimestamp, slicesOf, type Ctx, type Tx } from '@clientele/core'
import { languageOf } from '../audience/language.ts'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { define, FIRST_LEVEL, segmentFact, type Definition } from '../definition/definition.ts'
import { announce } from '../membership/announce.ts'
import { CUSTOMERS } from '../membership/decide.ts'
import { Memberships } from '../membership/memberships.ts'
import { settle } from '../membership/settle.ts'
import { Segment, type SegmentRow } from '../segment/segment.entity.ts'
import { SegmentRecomputed } from '../segments.events.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { writeDifference } from './write-difference.ts'
import { SegmentRun } from './run.entity.ts'
import { advanceRun, finishRun, setStatus } from './runs.ts'

/** How far a run is. */
export interface Progress {
  readonly over: boolean
  readonly done: number
  /** Customers of this slice. */
  readonly size: number
  readonly total: number | null
  /** How long it took, in milliseconds; waiting for locks and for the disk is no part of it. */
  readonly took: number
}

/**
 * Evaluates a segment for the next customers by id, in a transaction of its own while no other one writes memberships:
 * those that committed before are seen, and those that come later see what was written here.
 *
 * @param wanted how many customers; null for a first guess
 */
export function recomputeSlice(ctx: Ctx, runId: string, wanted: number | null): Promise<Progress> {
  return ctx.tx(async (t: Tx<AudienceTables>) => {
    const { definitions } = t.get(Memberships)
    const set = await definitions.alone(t)
    const run = await t.repo(SegmentRun).find(runId)
    if (run?.state !== 'running') return { ...over, done: run?.done ?? 0, total: run?.total ?? null }
    const segment = await t.repo(Segment).find(run.segmentId)
    if (segment?.runId !== runId) {
      await finishRun(t, run, { state: 'cancelled' })
      return { ...over, done: run.done, total: run.total }
    }
    const startedAt = performance.now()
    const definition = definitionOf(t, set, segment)
    const { evaluate, first } = isAtOnce(set, definition) ? AT_ONCE : ONE_BY_ONE
    const size = wanted ?? first
    const { until, count } = await boundOf(t, run.doneUntil, size)
    const range = { after: run.doneUntil, until }
    const found = await evaluate(t, { set, definition, runId, range })
    const done = run.done + count
    const took = performance.now() - startedAt
    await advanceRun(t, run, { doneUntil: until, done: count, ...found })
    if (until !== null) return { over: false, done, size, total: run.total, took }
    await definitions.change(t, async () => {
      await finishRun(t, run, { state: 'done' })
      await setStatus(t, segment.id, 'live')
    })
    const totals = { entered: run.entered + found.entered, left: run.left + found.left }
    await t.emit(SegmentRecomputed, { segmentId: segment.id, runId, ...totals })
    return { ...over, done, total: run.total }
  })
}

const over = { over: true, size: 0, took: 0 } as const

interface Slice {
  readonly set: DefinitionSet
  readonly definition: Definition
  readonly runId: string
  readonly range: Among
}

interface Found {
  readonly entered: number
  readonly left: number
}

interface Way {
  readonly evaluate: (t: Tx<AudienceTables>, slice: Slice) => Promise<Found>
  /** Customers of a first slice, of which nobody knows how long it takes. */
  readonly first: number
}

/** In two statements. */
const AT_ONCE: Way = { evaluate: atOnce, first: 4000 }

/** For what needs more than that: the next instants of timed segments, pins, segments that follow this one. */
const ONE_BY_ONE: Way = { evaluate: oneByOne, first: 500 }

/** The last customer of a slice; null when it goes on to the end. Removed ones count: to skip them is to read every row. */
async function boundOf(
  t: Tx<AudienceTables>,
  after: string | null,
  size: number,
): Promise<{ readonly until: string | null; readonly count: number }> {
  let following = t.dbWithRemoved.selectFrom('customers').select('id').orderBy('id')
  if (after !== null) following = following.where('id', '>', after)
  const last = await following
    .offset(size - 1)
    .limit(1)
    .executeTakeFirst()
  if (last) return { until: last.id, count: size }
  const rest = await t.dbWithRemoved
    .selectFrom(following.as('rest'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return { until: null, count: rest?.count ?? 0 }
}

function definitionOf(t: Tx, set: DefinitionSet, segment: SegmentRow): Definition {
  return (
    set.find(segment.id) ?? {
      ...define(languageOf(t), segment, environmentAt(t, set)),
      // Static and snapshot ones hang on nothing that moves along, and others may hang on them.
      level: FIRST_LEVEL,
    }
  )
}

function isAtOnce(set: DefinitionSet, { segment, timed }: Definition): boolean {
  const isStill = segment.kind !== 'dynamic' || !timed
  return isStill && !segment.hasPins && set.dependents([segmentFact(segment.id)]).size === 0
}

function environmentAt(t: Tx, { environment }: DefinitionSet): Environment {
  return { ...environment, now: fromTimestamp(t.now()) }
}

function atOnce(t: Tx<AudienceTables>, { set, definition, runId, range }: Slice): Promise<Found> {
  const members = membersQuery(t, languageOf(t), definition.condition, environmentAt(t, set), range)
  return writeDifference(t, { segmentId: definition.segment.id, runId, range, members })
}

async function oneByOne(t: Tx<AudienceTables>, { set, definition, runId, range }: Slice): Promise<Found> {
  let [entered, left] = [0, 0]
  const because = { by: 'recompute', runId } as const
  for (const ids of slicesOf(await idsIn(t, range), CUSTOMERS)) {
    const changes = await settle(t, set, { ids, asked: new Set([definition]), because })
    const own = changes.filter(({ segmentId }) => segmentId === definition.segment.id)
    entered += own.filter((one) => one.entered).length
    left += own.filter((one) => !one.entered).length
    const others = changes.filter(({ segmentId }) => segmentId !== definition.segment.id)
    await announce(t, set, others)
  }
  return { entered, left }
}

async function idsIn(t: Tx<AudienceTables>, { after, until }: Among): Promise<string[]> {
  let query = t.dbWithRemoved.selectFrom('customers').select('id').orderBy('id')
  if (after) query = query.where('id', '>', after)
  if (until) query = query.where('id', '<=', until)
  return (await query.execute()).map(({ id }) => id)
}
