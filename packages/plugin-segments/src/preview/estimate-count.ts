import { membersQuery, type Condition, type Environment } from '@clientele/conditions'
import { toTimestamp, type Ctx } from '@clientele/core'
import { languageOf } from '../audience/language.ts'
import type { CustomerSample } from './customer-sample.ts'
import type { Counted } from './preview.ts'
import { wilsonInterval } from './wilson.ts'

/** What is counted. */
export interface Question {
  readonly condition: Condition
  readonly environment: Environment
}

/**
 * How many of all would meet a condition, as some of them do: every part of the sample is asked, and ranks are those
 * among the sample. Of a sample that is everybody the answer is exact.
 */
export async function estimateCount(
  ctx: Ctx,
  { condition, environment }: Question,
  { ids, of, isAll }: CustomerSample,
  signal: AbortSignal,
): Promise<Counted> {
  const among = { ids, share: isAll ? 1 : ids.length / of }
  const rows = await ctx.population.run<{ id: string }>(
    membersQuery(ctx, languageOf(ctx), condition, environment, among)
      .select('customers.id')
      .orderBy('customers.id', 'desc'),
    { signal },
  )
  const [hits, asOf] = [rows.length, toTimestamp(environment.now)]
  const found = { of, ids: rows.map(({ id }) => id), asOf }
  if (isAll) return { ...found, count: hits, estimate: null }
  const asked = Math.max(ids.length, 1)
  const interval = wilsonInterval(hits, asked)
  // Who was asked is known: no fewer than these, and no more than all but the others.
  const low = Math.max(hits, Math.floor(interval.low * of))
  const high = Math.min(of - (ids.length - hits), Math.ceil(interval.high * of))
  const count = Math.round((hits / asked) * of)
  const estimate = { error: Math.max(count - low, high - count), low, high, asked: ids.length }
  return { ...found, count, estimate }
}
