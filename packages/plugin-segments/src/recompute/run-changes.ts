import type { Ctx, Timestamp } from '@clientele/core'
import type { AudienceTables } from '../segments.tables.ts'

/** A page of who came or went by a recompute, in the order of the customers' ids. */
export interface RunChanges {
  readonly items: { readonly customerId: string; readonly at: Timestamp }[]
  /** The last customer of this page, when there are more. */
  readonly next: string | null
}

/** What a page of changes is asked by. */
export interface RunChangesQuery {
  readonly segmentId: string
  readonly runId: string
  readonly change: 'entered' | 'left'
  /** At most 1,000. */
  readonly limit: number
  readonly after?: string | undefined
}

/** Reads who came or went by a recompute, page by page. */
export async function runChanges(
  ctx: Ctx<AudienceTables>,
  { segmentId, runId, change, limit, after }: RunChangesQuery,
): Promise<RunChanges> {
  const [at, by, detail] =
    change === 'entered'
      ? (['enteredAt', 'enteredBy', 'enteredWith'] as const)
      : (['leftAt', 'leftBy', 'leftWith'] as const)
  let query = ctx.db
    .selectFrom('memberships')
    .select(['customerId', `${at} as at`])
    .where('segmentId', '=', segmentId)
    .where(by, '=', 'recompute')
    .where(detail, '=', runId)
    .orderBy('customerId')
    .limit(limit + 1)
  if (after) query = query.where('customerId', '>', after)
  const rows = await ctx.population.run<{ customerId: string; at: Timestamp }>(query as never)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? items.at(-1)!.customerId : null }
}
