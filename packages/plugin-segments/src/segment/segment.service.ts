import type { Explanation } from '@clientele/conditions'
import { defineService, type Ctx, type ListQuery, type Page, type Tx } from '@clientele/core'
import { Customer, type CustomerRow } from '@clientele/plugin-customers'
import type { AudienceService } from '../audience/audience.service.ts'
import type { SegmentsTables } from '../segments.tables.ts'
import { Segment, type SegmentRow } from './segment.entity.ts'

/** What saving a segment takes. */
export interface NewSegment {
  readonly name: string
  readonly description?: string | null | undefined
  readonly condition: Record<string, unknown>
}

/** What changing a segment takes: what is left out stays. */
export type SegmentChanges = { readonly [K in keyof NewSegment]?: NewSegment[K] | undefined }

/** How many members there were, and when. */
export interface Evaluation {
  readonly count: number
  readonly evaluatedAt: string
}

/** Saved segments. Membership is dynamic: always the customers who meet the condition when asked. */
export interface SegmentsService {
  /** @throws `condition.invalid`, `entity.conflict` when the name is taken */
  create(t: Tx, values: NewSegment): Promise<SegmentRow>
  /** @throws `condition.invalid`, `entity.not_found`, `entity.stale_version` */
  update(t: Tx, id: string, changes: SegmentChanges, ifVersion?: number): Promise<SegmentRow>
  /** Counts the members and keeps the figure on the segment. @throws `entity.not_found` */
  evaluate(ctx: Ctx, id: string): Promise<Evaluation>
  /** @throws `entity.not_found` */
  members(ctx: Ctx, id: string, query: ListQuery): Promise<Page<CustomerRow>>
  /** Why a customer is in the segment or not. @throws `entity.not_found` */
  explain(ctx: Ctx, id: string, customerId: string): Promise<Explanation>
}

/** The service: `ctx.get(Segments)`. */
export const Segments = defineService<SegmentsService>('segments.segments')

export function createSegmentsService(audience: AudienceService): SegmentsService {
  return {
    async create(t, values) {
      audience.language(t).parse(values.condition)
      return t.repo(Segment).insert(values)
    },
    async update(t, id, changes, ifVersion) {
      if (changes.condition) audience.language(t).parse(changes.condition)
      return t.repo(Segment).patch(id, changes, ifVersion === undefined ? {} : { ifVersion })
    },
    async evaluate(ctx, id) {
      const { condition } = await ctx.repo(Segment).get(id)
      const evaluation = { count: await audience.count(ctx, condition), evaluatedAt: ctx.now() }
      await ctx.tx((t) => keepCount(t, id, evaluation))
      return evaluation
    },
    async members(ctx, id, query) {
      const { condition } = await ctx.repo(Segment).get(id)
      return ctx.repo(Customer).list({ ...query, where: await audience.predicate(ctx, condition) })
    },
    async explain(ctx, id, customerId) {
      const { condition } = await ctx.repo(Segment).get(id)
      return audience.explain(ctx, condition, customerId)
    },
  }
}

function keepCount(t: Tx<SegmentsTables>, id: string, { count, evaluatedAt }: Evaluation): Promise<unknown> {
  return t.projection('the member count is derived from customers and belongs to no version', (db) =>
    db.updateTable('segments').set({ memberCount: count, evaluatedAt }).where('id', '=', id).execute(),
  )
}
