import {
  countQuery,
  explainCondition,
  membersQuery,
  type Condition,
  type Environment,
  type Explanation,
  type Language,
} from '@clientele/conditions'
import { defineService, type Ctx, type ListQuery } from '@clientele/core'
import { factsOf } from '../explanation/explain-segment.ts'
import type { Preview, PreviewOptions } from '../preview/preview.ts'
import { Previews } from '../preview/previews.ts'
import { environmentOf } from './environment.ts'
import { languageOf } from './language.ts'

/** Asks conditions of customers; knows nothing of saved segments. */
export interface AudienceService {
  /** The condition types of the installed plugins. */
  language(ctx: Ctx): Language
  /** What holds for an evaluation that begins now. */
  environment(ctx: Ctx): Promise<Environment>
  /**
   * How many meet a condition and some of them: within a second or so, an estimate if need be. Asked once more with
   * `exact`, it waits for the count that went on.
   * @throws `condition.invalid`, `storage.superseded` when a later one of the same key came
   */
  preview(ctx: Ctx, condition: unknown, options?: PreviewOptions): Promise<Preview>
  /** @throws `condition.invalid` */
  count(ctx: Ctx, condition: unknown): Promise<number>
  /** Narrows a list of customers to those who meet the condition. */
  predicate(ctx: Ctx, condition: unknown): Promise<NonNullable<ListQuery['where']>>
  /** Why one customer is in or not. @throws `condition.invalid`, `entity.not_found` */
  explain(ctx: Ctx, condition: unknown, customerId: string): Promise<Explanation>
}

/** The service: `ctx.get(Audience)`. */
export const Audience = defineService<AudienceService>('segments.audience')

export function createAudienceService(): AudienceService {
  const previews = new Previews()
  const preview: AudienceService['preview'] = (ctx, condition, options) =>
    previews.preview(ctx, condition, options)
  return { language: languageOf, environment: environmentOf, preview, count, predicate, explain }
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
