import {
  adviseCondition,
  countQuery,
  explainCondition,
  membersQuery,
  type Condition,
  type ConditionAdvice,
  type Environment,
  type Explanation,
  type Language,
} from '@clientele/conditions'
import { defineService, type Ctx, type ListQuery } from '@clientele/core'
import { Customer, type CustomerRow } from '@clientele/plugin-customers'
import { factsOf } from '../explanation/explain-segment.ts'
import { environmentOf } from './environment.ts'
import { languageOf } from './language.ts'

/** What a condition would select. */
export interface Preview {
  /** Exact, at the instant of the answer. */
  readonly count: number
  /** Of all customers, from 0 to 1; 0 where there are none. */
  readonly share: number
  /** The newest members. */
  readonly sample: CustomerRow[]
  /** Rules that may not mean what was meant, such as an event that nobody has sent. */
  readonly warnings: readonly ConditionAdvice[]
}

/** Asks conditions of customers; knows nothing of saved segments. */
export interface AudienceService {
  /** The condition types of the installed plugins. */
  language(ctx: Ctx): Language
  /** What holds for an evaluation that begins now. */
  environment(ctx: Ctx): Promise<Environment>
  /** @throws `condition.invalid` */
  preview(ctx: Ctx, condition: unknown, options?: PreviewOptions): Promise<Preview>
  /** @throws `condition.invalid` */
  count(ctx: Ctx, condition: unknown): Promise<number>
  /** Narrows a list of customers to those who meet the condition. */
  predicate(ctx: Ctx, condition: unknown): Promise<NonNullable<ListQuery['where']>>
  /** Why one customer is in or not. @throws `condition.invalid`, `entity.not_found` */
  explain(ctx: Ctx, condition: unknown, customerId: string): Promise<Explanation>
}

/** How much of it to show. */
export interface PreviewOptions {
  /** 0 to 100. @default 10 */
  readonly sampleSize?: number
  /** A later preview of the same key drops this one if it has not started. */
  readonly latest?: string
}

/** The service: `ctx.get(Audience)`. */
export const Audience = defineService<AudienceService>('segments.audience')

export function createAudienceService(): AudienceService {
  return { language: languageOf, environment: environmentOf, preview, count, predicate, explain }
}

async function preview(ctx: Ctx, condition: unknown, options: PreviewOptions = {}): Promise<Preview> {
  const { sampleSize = 10, latest } = options
  const parsed = languageOf(ctx).parse(condition)
  const environment = await environmentOf(ctx)
  const members = membersQuery(ctx, languageOf(ctx), parsed, environment)
  const [total] = await ctx.population.run<{ count: number }>(
    countQuery(ctx, languageOf(ctx), parsed, environment),
    { ...(latest === undefined ? {} : { latest }) },
  )
  const [everybody] = await ctx.population.run<{ count: number }>(
    countQuery(ctx, languageOf(ctx), { all: [] }, environment),
  )
  const ids = await ctx.population.run<{ id: string }>(
    members.select('customers.id').orderBy('customers.id', 'desc').limit(sampleSize),
  )
  return {
    count: total?.count ?? 0,
    share: shareOf(total?.count ?? 0, everybody?.count ?? 0),
    sample: await ctx.repo(Customer).getMany(ids.map(({ id }) => id)),
    warnings: await adviseCondition(ctx, languageOf(ctx), parsed),
  }
}

/** Customers who are removed between the two counts make no share above 1. */
function shareOf(count: number, all: number): number {
  return all === 0 ? 0 : Math.min(1, count / all)
}

async function count(ctx: Ctx, condition: unknown): Promise<number> {
  const parsed = languageOf(ctx).parse(condition)
  const [total] = await ctx.population.run<{ count: number }>(
    countQuery(ctx, languageOf(ctx), parsed, await environmentOf(ctx)),
  )
  return total?.count ?? 0
}

async function predicate(ctx: Ctx, condition: unknown): Promise<NonNullable<ListQuery['where']>> {
  const parsed = languageOf(ctx).parse(condition)
  const environment = await environmentOf(ctx)
  const members = membersQuery(ctx, languageOf(ctx), parsed, environment).select('customers.id')
  return (eb) => eb('customers.id', 'in', members)
}

async function explain(ctx: Ctx, condition: unknown, customerId: string): Promise<Explanation> {
  const parsed: Condition = languageOf(ctx).parse(condition)
  return explainCondition(languageOf(ctx), parsed, await factsOf(ctx, parsed, customerId))
}
