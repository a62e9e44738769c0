import type { Ctx } from '@clientele/core'
import type { Condition, Leaf } from '../condition.ts'
import type { Language } from './language.ts'
import { structuralAdvice, type ConditionAdvice } from './structural-advice.ts'
import { visit } from './walk.ts'

export type { ConditionAdvice } from './structural-advice.ts'

/**
 * What to warn of before a condition is used: rules that can never be met or always are, that are said twice or follow
 * from another, and what the types know about their own, such as an event that nobody has sent. Nothing that would make
 * the answers wrong.
 */
export async function adviseCondition(
  ctx: Ctx,
  language: Language,
  condition: Condition,
): Promise<readonly ConditionAdvice[]> {
  const advice: ConditionAdvice[] = [...structuralAdvice(language, condition)]
  for (const { leaf, path } of placedLeaves(condition, [])) {
    const own = (await language.typeOf(leaf).advise?.(leaf, ctx)) ?? []
    advice.push(...own.map((one) => ({ ...one, leaf, path })))
  }
  return advice
}

interface Placed {
  readonly leaf: Leaf
  readonly path: string
}

function placedLeaves(condition: Condition, path: readonly (string | number)[]): readonly Placed[] {
  const parts =
    (group: string) =>
    (of: readonly Condition[]): readonly Placed[] =>
      of.flatMap((part, index) => placedLeaves(part, [...path, group, index]))
  return visit(condition, {
    all: parts('all'),
    any: parts('any'),
    not: (part) => placedLeaves(part, [...path, 'not']),
    atLeast: (_, of) => parts('of')(of),
    leaf: (leaf) => [{ leaf, path: path.join('.') }],
  })
}
