import {
  explainCondition,
  loadFacts,
  nextChangeAt,
  rankedLeaves,
  standingQuery,
  withStandings,
  type Condition,
  type Environment,
  type Explanation,
  type Facts,
  type Standing,
} from '@clientele/conditions'
import { coreErrors, fromTimestamp, toTimestamp, type Ctx, type Timestamp } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { isRanking } from '../definition/definition.ts'
import { Segment } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** Why a customer is in a segment or is not. */
export interface SegmentExplanation {
  /** As it is kept. A segment that is being computed may not be there yet. */
  readonly member: boolean
  /** Where the condition ranks customers against each other: as of when `member` is; what else is said is of now. */
  readonly asOf: Timestamp | null
  /** Whether the condition is met now; a pin may say otherwise. */
  readonly met: boolean
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
  readonly explanation: Explanation
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
  const own = await factsOf(ctx, condition, customerId)
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
  const explanation = explainCondition(language, condition, own)
  const follows = (segment.kind === 'dynamic' || segment.kind === 'manual') && !isRanking(language, condition)
  const instants = follows ? [nextChangeAt(language, condition, own), endOf(pin, own)] : []
  const changesAt = instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
  return {
    member: stay !== undefined,
    asOf: segment.rankedAt,
    met: explanation.met,
    since: stay ?? null,
    pin: pin ?? null,
    changesAt: changesAt === null ? null : toTimestamp(changesAt),
    explanation,
  }
}

/** When a pin that holds ends. */
function endOf(
  pin: { readonly expiresAt: Timestamp | null } | undefined,
  { now }: Environment,
): number | null {
  const at = pin?.expiresAt ? fromTimestamp(pin.expiresAt) : null
  return at !== null && at > now ? at : null
}

/**
 * What is known of one customer, where they stand among the others too.
 * @throws `entity.not_found`
 */
export async function factsOf(ctx: Ctx, condition: Condition, customerId: string): Promise<Facts> {
  const language = languageOf(ctx)
  const environment = await environmentOf(ctx)
  const facts = await loadFacts(ctx, language, condition, [customerId], environment)
  const own = facts.get(customerId)
  if (!own) throw coreErrors['entity.not_found']({ entity: 'customers', id: customerId })
  return withStandings(own, await standingsOf(ctx, condition, environment, customerId))
}

async function standingsOf(ctx: Ctx, condition: Condition, environment: Environment, customerId: string) {
  const language = languageOf(ctx)
  const ranked = rankedLeaves(language, condition)
  return Promise.all(
    ranked.map(async (one) => {
      const query = standingQuery(ctx, language, one, environment, customerId)
      const [standing] = await ctx.population.run<Standing>(query)
      return { leaf: one.leaf, standing: standing! }
    }),
  )
}
