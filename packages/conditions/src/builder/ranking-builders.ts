import type { MeasuredBy } from '../ranking/measure.ts'
import type { PercentileLeaf, TopLeaf } from '../ranking/ranking-conditions.ts'
import { BuiltCondition } from './built-condition.ts'
import type { NumberQuestions } from './questions.ts'

/**
 * A number that customers can be ranked by: a field (`metric.totalSpend`), a question about a number whose comparison
 * is left aside (`revenue().within('90d')`, `performed('Product Viewed')`), or what a leaf says besides it, as JSON.
 */
export type Ranked = RankedQuestions | BuiltCondition | MeasuredBy

/** What numbers answer and texts, times and lists do not. */
type RankedQuestions = Pick<NumberQuestions, 'gt' | 'lt' | 'is'>

/**
 * The customers with the greatest numbers. Of equal ones those who came first; who has no such number is not ranked.
 *
 * @example
 * topBy(revenue().within('365d'), 100)
 */
export function topBy(by: Ranked, count: number): BuiltCondition {
  return new BuiltCondition({
    type: 'top',
    by: measuredBy(by),
    count,
    direction: 'highest',
  } satisfies TopLeaf)
}

/** The customers with the least numbers; see {@link topBy}. */
export function bottomBy(by: Ranked, count: number): BuiltCondition {
  return new BuiltCondition({ type: 'top', by: measuredBy(by), count, direction: 'lowest' } satisfies TopLeaf)
}

/**
 * The customers whose percentile rank is above `from` and at most `to`: from 90 to 100 are the tenth of those ranked with
 * the greatest numbers.
 */
export function percentileBy(by: Ranked, from: number, to: number): BuiltCondition {
  return new BuiltCondition({ type: 'percentile', by: measuredBy(by), from, to } satisfies PercentileLeaf)
}

function measuredBy(by: Ranked): MeasuredBy {
  const asked = isPlain(by) ? by : leafOf(by)
  const { operator: _, value: __, count: ___, ...measured } = asked
  return measured
}

function isPlain(by: Ranked): by is MeasuredBy {
  return !(by instanceof BuiltCondition) && typeof (by as MeasuredBy).type === 'string'
}

function leafOf(by: RankedQuestions | BuiltCondition): MeasuredBy {
  const condition = (by instanceof BuiltCondition ? by : by.gt(0)).toJSON()
  if ('type' in condition) return condition
  throw new TypeError('Cannot rank customers by a group of questions; name one number')
}
