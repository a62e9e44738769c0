import type { Ctx } from '@clientele/core'
import type { Condition, Leaf } from '../condition.ts'
import type { Advice } from '../condition-type.ts'
import type { Language } from './language.ts'
import { leavesOf } from './walk.ts'

/** Advice, with the leaf it is about. */
export interface LeafAdvice extends Advice {
  readonly leaf: Leaf
}

/** What to warn of before a condition is used; nothing that would make its answers wrong. */
export async function adviseCondition(
  ctx: Ctx,
  language: Language,
  condition: Condition,
): Promise<readonly LeafAdvice[]> {
  const advice: LeafAdvice[] = []
  for (const leaf of leavesOf(condition)) {
    const own = (await language.typeOf(leaf).advise?.(leaf, ctx)) ?? []
    advice.push(...own.map((one) => ({ ...one, leaf })))
  }
  return advice
}
