import { membersQuery, type Condition } from '@clientele/conditions'
import { fromTimestamp, type Ctx, type Timestamp } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import type { SegmentRow } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** A customer who is to come, or to go. */
export interface Move {
  readonly customerId: string
  readonly member: boolean
}

/** Who is to come and to go, as of one instant. */
export interface RankingDifference {
  readonly rankedAt: Timestamp
  readonly moves: readonly Move[]
}

/** Where a customer was found; each is 1 or 0. */
const FLAGS = ['met', 'present', 'included', 'excluded'] as const
type Flag = (typeof FLAGS)[number]

// `any`: parts of a union over several tables.
type Found = SelectQueryBuilder<any, any, any>

/**
 * Ranks everybody in one statement, and compares those who have the places with the members there are.
 *
 * @param limit of moves; there may be more when there are as many
 */
export async function rankingDifference(
  ctx: Ctx<AudienceTables>,
  { id, condition, hasPins }: SegmentRow,
  limit: number,
): Promise<RankingDifference> {
  const rankedAt = ctx.now()
  const environment = { ...(await environmentOf(ctx)), now: fromTimestamp(rankedAt) }
  const language = languageOf(ctx)
  const parsed: Condition = language.parse(condition)
  const parts: Found[] = [
    membersQuery(ctx, language, parsed, environment).select(['customers.id as id', ...flags('met')]),
    ctx.db
      .selectFrom('memberships')
      .select(['memberships.customerId as id', ...flags('present')])
      .where('memberships.segmentId', '=', id)
      .where('memberships.leftAt', 'is', null),
    ...(hasPins ? [pinsQuery(ctx, id, rankedAt)] : []),
  ]
  const found = parts.reduce((all, part) => all.unionAll(part))
  const most = (flag: Flag): Expression<number> => sql`max(${sql.ref(`found.${flag}`)})`
  const wanted = sql<number>`case when ${most('excluded')} = 0 and ${most('met')} + ${most('included')} > 0 then 1 else 0 end`
  const rows = await ctx.population.run<{ customerId: string; wanted: number }>(
    ctx.db
      .selectFrom(found.as('found'))
      .groupBy('found.id')
      .having(sql<SqlBool>`${wanted} <> ${most('present')}`)
      .select(['found.id as customerId', wanted.as('wanted')])
      .orderBy('found.id')
      .limit(limit),
  )
  return { rankedAt, moves: rows.map((row) => ({ customerId: row.customerId, member: row.wanted === 1 })) }
}

function pinsQuery({ db, sql: helpers }: Ctx<AudienceTables>, segmentId: string, now: Timestamp): Found {
  const eb = expressionBuilder<any, any>()
  const mode = (of: string) => sql<number>`case when ${eb('segmentPins.mode', '=', of)} then 1 else 0 end`
  return db
    .selectFrom('segmentPins')
    .innerJoin('customers', 'customers.id', 'segmentPins.customerId')
    .where('segmentPins.segmentId', '=', segmentId)
    .where((or) =>
      or.or([
        or('segmentPins.expiresAt', 'is', null),
        or('segmentPins.expiresAt', '>', helpers.value('timestamp', now)),
      ]),
    )
    .select([
      'segmentPins.customerId as id',
      ...([sql<number>`0`.as('met'), sql<number>`0`.as('present')] as const),
      ...([mode('include').as('included'), mode('exclude').as('excluded')] as const),
    ]) as Found
}

function flags(set: Flag) {
  return FLAGS.map((flag) => sql<number>`${sql.lit(flag === set ? 1 : 0)}`.as(flag))
}
