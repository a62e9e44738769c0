import {
  coreErrors,
  defineService,
  type Ctx,
  type ListQuery,
  type Page,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { Customer, type CustomerRow } from '@clientele/plugin-customers'
import { isDeepStrictEqual } from 'node:util'
import type { AudienceService } from '../audience/audience.service.ts'
import type { MembershipsService } from '../membership/memberships.ts'
import { by } from '../pin/pins.ts'
import { cancelRun, endRuns, keepMemberCount, startRun } from '../recompute/runs.ts'
import type { SegmentRunRow } from '../recompute/run.entity.ts'
import { segmentsErrors } from '../segments.errors.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { SegmentVersion } from '../version/version.entity.ts'
import type { SegmentKind } from './segment-kind.ts'
import { Segment, type SegmentRow } from './segment.entity.ts'
import { refuseUsed } from './segment-uses.ts'
import { refuseLostSegments, refuseWrongSegments } from './segment-references.ts'

/** What saving a segment takes. */
export interface NewSegment {
  readonly name: string
  readonly description?: string | null | undefined
  /** Left out only by manual segments. */
  readonly condition?: Record<string, unknown> | undefined
  /** @default dynamic */
  readonly kind?: SegmentKind | undefined
}

/** What changing a segment takes: what is left out stays. */
export type SegmentChanges = { readonly [K in keyof NewSegment]?: NewSegment[K] | undefined }

/** How many members there were, and when. */
export interface Evaluation {
  readonly count: number
  readonly evaluatedAt: Timestamp
}

/** Some of the members. */
export interface MembersPage extends Page<CustomerRow> {
  /** Where the condition ranks customers against each other: as of when; null where members follow the facts. */
  readonly asOf: Timestamp | null
}

/** Saved segments and who is in them. */
export interface SegmentsService {
  /**
   * Saves a segment and begins to compute its members; its status says when they are complete.
   * @throws `condition.invalid`, `segments.cycle`, `entity.conflict` when the name is taken
   */
  create(t: Tx, values: NewSegment): Promise<SegmentRow>
  /**
   * A changed condition or kind is a new version, and is computed again; saved once more as it is, it stays.
   * @throws `condition.invalid`, `segments.cycle`, `entity.not_found`, `entity.stale_version`
   */
  update(t: Tx, id: string, changes: SegmentChanges, ifVersion?: number): Promise<SegmentRow>
  /** @throws `segments.in_use`, `entity.not_found`, `entity.stale_version` */
  remove(t: Tx, id: string, ifVersion?: number): Promise<void>
  /**
   * Undoes a removal, for 30 days. The members are computed again, but those of static segments and snapshots, which are
   * whom they were.
   * @throws `entity.not_found`, `segments.unknown` and `segments.cycle` when what it asks about is another now
   */
  restore(t: Tx, id: string): Promise<SegmentRow>
  /** Makes an earlier version of the condition the current one, as a version of its own. @throws `entity.not_found` */
  restoreVersion(t: Tx, id: string, number: number): Promise<SegmentRow>
  /** Evaluates it for everybody once more. @throws `entity.not_found`, `segments.not_computed` */
  recompute(t: Tx, id: string): Promise<SegmentRow>
  /** Ends a recompute that is under way, and leaves it half done. @throws `entity.not_found`, `segments.run_over` */
  cancel(t: Tx, id: string): Promise<SegmentRunRow>
  /** Counts the members and keeps the figure on the segment. @throws `entity.not_found` */
  evaluate(ctx: Ctx, id: string): Promise<Evaluation>
  /** Who is in it now. @throws `entity.not_found` */
  members(ctx: Ctx, id: string, query: ListQuery): Promise<MembersPage>
  /** Narrows a list of customers to the members. @throws `entity.not_found` */
  isMember(ctx: Ctx, id: string): Promise<NonNullable<ListQuery['where']>>
}

/** The service: `ctx.get(Segments)`. */
export const Segments = defineService<SegmentsService>('segments.segments')

export function createSegmentsService(
  audience: AudienceService,
  { definitions }: MembershipsService,
): SegmentsService {
  const defined = async (t: Tx, row: SegmentRow, reason: SegmentRunRow['reason']): Promise<SegmentRow> => {
    const { id, definition, kind } = row
    const condition = row.condition
    await t
      .repo(SegmentVersion)
      .insert({ segmentId: id, number: definition, condition, kind, savedBy: by(t) })
    await startRun(t, id, { reason, definition })
    return t.repo(Segment).get(id)
  }
  const again = (t: Tx, id: string, reason: SegmentRunRow['reason']): Promise<SegmentRow> =>
    definitions.change(t, async () => {
      const { definition } = await t.repo(Segment).get(id)
      await startRun(t, id, { reason, definition })
      return t.repo(Segment).get(id)
    })
  const service: SegmentsService = {
    create: (t, { kind = 'dynamic', condition = NOBODY, ...values }) => {
      const parsed = audience.language(t).parse(condition)
      return definitions.change(t, async () => {
        await refuseWrongSegments(t, parsed, null)
        return defined(t, await t.repo(Segment).insert({ ...values, kind, condition }), 'created')
      })
    },
    async update(t, id, changes, ifVersion) {
      const options = ifVersion === undefined ? {} : { ifVersion }
      if (changes.condition === undefined && changes.kind === undefined)
        return t.repo(Segment).patch(id, changes, options)
      const parsed = changes.condition && audience.language(t).parse(changes.condition)
      return definitions.change(t, async () => {
        const row = await t.repo(Segment).get(id)
        if (isAsSaved(row, changes)) return t.repo(Segment).patch(id, changes, options)
        if (parsed) await refuseWrongSegments(t, parsed, id)
        const next = { ...changes, definition: row.definition + 1 }
        return defined(t, await t.repo(Segment).patch(id, next, options), 'edited')
      })
    },
    remove: (t, id, ifVersion) =>
      definitions.change(t, async () => {
        await refuseUsed(t, id)
        await t.repo(Segment).remove(id, ifVersion === undefined ? {} : { ifVersion })
        await endRuns(t, id)
      }),
    restore: (t, id) =>
      definitions.change(t, async () => {
        const row = await t.repo(Segment).restore(id)
        await refuseLostSegments(t, row)
        const { kind, status, definition } = row
        // Whoever met it then is in it still, whatever they do since.
        if ((kind === 'static' || kind === 'snapshot') && status === 'live') return row
        await startRun(t, id, { reason: 'restored', definition })
        return t.repo(Segment).get(id)
      }),
    async restoreVersion(t: Tx<AudienceTables>, id, number) {
      await t.repo(Segment).get(id)
      const version = await t.db
        .selectFrom('segmentVersions')
        .select(['condition', 'kind'])
        .where('segmentId', '=', id)
        .where('number', '=', number)
        .executeTakeFirst()
      if (!version) throw coreErrors['entity.not_found']({ entity: 'segmentVersions', id: String(number) })
      return service.update(t, id, version)
    },
    async recompute(t, id) {
      const { kind } = await t.repo(Segment).get(id)
      if (kind === 'snapshot') throw segmentsErrors['segments.not_computed']({ id, kind })
      return again(t, id, 'asked')
    },
    async cancel(t, id) {
      await t.repo(Segment).get(id)
      return cancelRun(t, id)
    },
    async evaluate(ctx, id) {
      await ctx.repo(Segment).get(id)
      return keepMemberCount(ctx, id)
    },
    async members(ctx, id, query) {
      const { rankedAt } = await ctx.repo(Segment).get(id)
      const page = await ctx.repo(Customer).list({ ...query, where: await service.isMember(ctx, id) })
      return { ...page, asOf: rankedAt }
    },
    async isMember(ctx: Ctx<AudienceTables>, id) {
      await ctx.repo(Segment).get(id)
      const inside = ctx.db
        .selectFrom('memberships')
        .select('customerId')
        .where('segmentId', '=', id)
        .where('leftAt', 'is', null)
      return (eb) => eb('customers.id', 'in', inside)
    },
  }
  return service
}

const NOBODY = { any: [] }

/** What broke off is not as it was saved: saving it once more is another try. */
function isAsSaved({ condition, kind, status }: SegmentRow, changes: SegmentChanges): boolean {
  const { condition: newCondition = condition, kind: newKind = kind } = changes
  return status !== 'failed' && newKind === kind && isDeepStrictEqual(newCondition, condition)
}
