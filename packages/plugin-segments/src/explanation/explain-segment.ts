import {
  explainCondition,
  loadFacts,
  nextChangeAt,
  type Condition,
  type Explanation,
} from '@clientele/conditions'
import { coreErrors, toTimestamp, type Ctx, type Timestamp } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { isRanking } from '../definition/definition.ts'
import { Segment } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** Why a customer is in a segment or is not. */
export interface SegmentExplanation {
  /** As it is kept. A segment that is being computed may not be there yet. */
  readonly member: boolean
  /** Whether the condition is met now; a pin may say otherwise. Null where customers are ranked against each other. */
  readonly met: boolean | null
  /** Since when, and what brought them in. */
  readonly since: { readonly enteredAt: Timestamp; readonly by: string; readonly with: string | null } | null
  /** Who decided by hand. */
  readonly pin: {
    readonly mode: string
    readonly reason: string | null
    readonly expiresAt: Timestamp | null
    readonly pinnedBy: string
  } | null
  /** The next instant at which the answer may differ although nothing happens; null when it stays. */
  readonly changesAt: Timestamp | null
  /** The condition, with an answer and what was seen at every node. */
  readonly explanation: Explanation | null
}

/** @throws `entity.not_found` */
export async function explainSegment(
  ctx: Ctx<AudienceTables>,
  segmentId: string,
  customerId: string,
): Promise<SegmentExplanation> {
  const segment = await ctx.repo(Segment).get(segmentId)
  const language = languageOf(ctx)
  const condition: Condition = segment.kind === 'manual' ? { any: [] } : language.parse(segment.condition)
  const ranking = isRanking(language, condition)
  const environment = await environmentOf(ctx)
  const facts = await loadFacts(ctx, language, ranking ? { all: [] } : condition, [customerId], environment)
  const own = facts.get(customerId)
  if (!own) throw coreErrors['entity.not_found']({ entity: 'customers', id: customerId })
  const explanation = ranking ? null : explainCondition(language, condition, own)
  const changesAt = ranking || segment.kind !== 'dynamic' ? null : nextChangeAt(language, condition, own)
  const stay = await ctx.db
    .selectFrom('memberships')
    .select(['enteredAt', 'enteredBy as by', 'enteredWith as with'])
    .where('segmentId', '=', segmentId)
    .where('customerId', '=', customerId)
    .where('leftAt', 'is', null)
    .executeTakeFirst()
  const pin = await ctx.db
    .selectFrom('segmentPins')
    .select(['mode', 'reason', 'expiresAt', 'pinnedBy'])
    .where('segmentId', '=', segmentId)
    .where('customerId', '=', customerId)
    .executeTakeFirst()
  return {
    member: stay !== undefined,
    met: explanation?.met ?? null,
    since: stay ?? null,
    pin: pin ?? null,
    changesAt: changesAt === null ? null : toTimestamp(changesAt),
    explanation,
  }
}
