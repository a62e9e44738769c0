import { membersQuery, type Among, type Condition, type Environment } from '@clientele/conditions'
import { fromTimestamp, slicesOf, type Ctx, type Tx } from '@clientele/core'
import { languageOf } from '../audience/language.ts'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { define, segmentFact, type Definition } from '../definition/definition.ts'
import { announce } from '../membership/announce.ts'
import { CUSTOMERS } from '../membership/decide.ts'
import { Memberships } from '../membership/memberships.ts'
import { settle } from '../membership/settle.ts'
import { Segment, type SegmentRow } from '../segment/segment.entity.ts'
import { SegmentRecomputed } from '../segments.events.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { writeDifference } from './write-difference.ts'
import { SegmentRun, type SegmentRunRow } from './run.entity.ts'
import { advanceRun, finishRun, setStatus } from './runs.ts'

/** How far a run is. */
export interface Progress {
  readonly over: boolean
  readonly done: number
  readonly total: number | null
  /** How long it took, in milliseconds; waiting for locks and for the disk is no part of it. */
  readonly took: number
}

/**
 * Evaluates a segment for the next customers by id, in a transaction of its own while no other one writes memberships:
 * those that committed before are seen, and those that come later see what was written here.
 *
 * @param size how many customers
 */
export function recomputeSlice(ctx: Ctx, runId: string, size: number): Promise<Progress> {
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
    const { until, count } = await boundOf(t, run.doneUntil, size)
    const range = { after: run.doneUntil, until }
    const found = await evaluate(t, { set, segment, run, range })
    const done = run.done + count
    const took = performance.now() - startedAt
    await advanceRun(t, run, { doneUntil: until, done: count, ...found })
    if (until !== null) return { over: false, done, total: run.total, took }
    await definitions.change(t, async () => {
      await finishRun(t, run, { state: 'done' })
      await setStatus(t, segment.id, 'live')
    })
    const totals = { entered: run.entered + found.entered, left: run.left + found.left }
    await t.emit(SegmentRecomputed, { segmentId: segment.id, runId, ...totals })
    return { ...over, done, total: run.total }
  })
}

const over = { over: true, took: 0 } as const

interface Slice {
  readonly set: DefinitionSet
  readonly segment: SegmentRow
  readonly run: SegmentRunRow
  readonly range: Among
}

interface Found {
  readonly entered: number
  readonly left: number
}

/** The last customer of a slice; null when it goes on to the end. */
async function boundOf(
  t: Tx<AudienceTables>,
  after: string | null,
  size: number,
): Promise<{ readonly until: string | null; readonly count: number }> {
  let following = t.db.selectFrom('customers').select('id').orderBy('id')
  if (after !== null) following = following.where('id', '>', after)
  const last = await following
    .offset(size - 1)
    .limit(1)
    .executeTakeFirst()
  if (last) return { until: last.id, count: size }
  const rest = await following.limit(size).execute()
  return { until: null, count: rest.length }
}

async function evaluate(t: Tx<AudienceTables>, slice: Slice): Promise<Found> {
  const { set, segment, run, range } = slice
  const environment = { ...set.environment, now: fromTimestamp(t.now()) }
  const definition = set.find(segment.id) ?? {
    ...define(languageOf(t), segment, environment),
    level: set.height,
  }
  const dependents = set.dependents([segmentFact(segment.id)])
  const isStill = segment.kind !== 'dynamic' || !definition.timed
  if (isStill && !segment.hasPins && dependents.size === 0)
    return writeDifference(t, {
      segmentId: segment.id,
      runId: run.id,
      range,
      members: membersIn(t, definition.condition, environment, range),
    })
  return oneByOne(t, slice, definition)
}

function membersIn(t: Tx, condition: Condition, environment: Environment, range: Among) {
  return membersQuery(t, languageOf(t), condition, environment, range)
}

/** For what needs more than a statement: the next instants of timed segments, pins, segments that follow this one. */
async function oneByOne(
  t: Tx<AudienceTables>,
  { set, segment, run, range }: Slice,
  definition: Definition,
): Promise<Found> {
  let [entered, left] = [0, 0]
  const because = { by: 'recompute', runId: run.id } as const
  for (const ids of slicesOf(await idsIn(t, range), CUSTOMERS)) {
    const changes = await settle(t, set, { ids, asked: new Set([definition]), because })
    const own = changes.filter(({ segmentId }) => segmentId === segment.id)
    entered += own.filter((one) => one.entered).length
    left += own.filter((one) => !one.entered).length
    await announce(
      t,
      set,
      changes.filter(({ segmentId }) => segmentId !== segment.id),
    )
  }
  return { entered, left }
}

async function idsIn(t: Tx<AudienceTables>, { after, until }: Among): Promise<string[]> {
  let query = t.dbWithRemoved.selectFrom('customers').select('id').orderBy('id')
  if (after) query = query.where('id', '>', after)
  if (until) query = query.where('id', '<=', until)
  return (await query.execute()).map(({ id }) => id)
}
