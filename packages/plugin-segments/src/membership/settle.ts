import type { FactChanges, FactKey } from '@clientele/conditions'
import type { Tx } from '@clientele/core'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { FIRST_LEVEL, segmentFact, type Definition } from '../definition/definition.ts'
import { currentMembers, type CurrentMembers } from './current-members.ts'
import { decide, type Asked, type Decision } from './decide.ts'
import { keepDecisions, type Because, type MembershipChange } from './keep-decisions.ts'

/** Definitions to ask of customers. */
export interface Question {
  /** At most 500 customers who are there. */
  readonly ids: readonly string[]
  readonly asked: ReadonlySet<Definition>
  /** Those of them of which nobody is asked who has the answer that lasts. @default none */
  readonly lasting?: ReadonlySet<Definition>
  /** Definitions that all of them meet because nothing is known of them. @default none */
  readonly blank?: readonly Definition[]
  readonly because: Reason
}

/** Why a question is asked. */
export type Reason =
  | { readonly by: 'facts'; readonly facts: ReadonlyMap<string, FactChanges> }
  | { readonly by: 'time' | 'pin' }
  | { readonly by: 'recompute'; readonly runId: string }

/**
 * Decides and writes memberships, and those of segments that ask about a segment which has changed thereby, lower ones
 * first. Answers what has changed.
 */
export async function settle(
  t: Tx,
  definitions: DefinitionSet,
  { ids, asked, lasting = new Set(), blank = [], because }: Question,
): Promise<MembershipChange[]> {
  if (ids.length === 0) return []
  const [open, firm] = [new Set(asked), new Set(lasting)]
  const [changes, moved] = [[] as MembershipChange[], new Set<FactKey>()]
  for (let level = FIRST_LEVEL; level <= definitions.height; level++) {
    const own = [...open].filter((one) => one.level === level)
    const met = blank.filter((one) => one.level === level && !open.has(one))
    if (own.length + met.length === 0) continue
    const segments = [...own, ...met].map(({ segment }) => segment.id)
    const members = await currentMembers(t, segments, ids)
    const decisions = [
      ...(await decide(t, whomToAsk(own, { ids, firm, members }), definitions.environment)),
      ...met.flatMap((definition) => ids.map((id) => ofBlank(definition, id))),
    ]
    const changed = await keepDecisions(t, decisions, (one) => causeOf(one, because, moved), members)
    for (const { segmentId } of changed) moved.add(segmentFact(segmentId))
    for (const one of definitions.dependents(moved)) {
      if (one.level <= level) continue
      open.add(one)
      firm.delete(one)
    }
    changes.push(...changed)
  }
  return changes
}

function whomToAsk(
  definitions: readonly Definition[],
  among: {
    readonly ids: readonly string[]
    readonly firm: ReadonlySet<Definition>
    readonly members: CurrentMembers
  },
): Asked {
  const { ids, firm, members } = among
  const asked = new Map<Definition, readonly string[]>()
  for (const one of definitions) {
    const current = members.get(one.segment.id)!
    const of = firm.has(one) ? ids.filter((id) => current.has(id) !== one.growth.lasting) : ids
    if (of.length > 0) asked.set(one, of)
  }
  return asked
}

function ofBlank(definition: Definition, customerId: string): Decision {
  return { definition, customerId, member: true, next: null }
}

function causeOf({ definition, customerId }: Decision, reason: Reason, moved: ReadonlySet<FactKey>): Because {
  const { status, runId } = definition.segment
  // Until a segment is live whatever happens in it is part of the run that makes it so.
  if (status === 'computing' && runId !== null) return { by: 'recompute', with: runId }
  if (reason.by === 'recompute') return { by: 'recompute', with: reason.runId }
  const own = reason.by === 'facts' ? [...(reason.facts.get(customerId)?.keys() ?? [])] : []
  const deciding = [...own, ...moved].filter((fact) => definition.dependencies.has(fact))
  const named = deciding.length > 0 ? deciding : own
  return { by: reason.by, with: named.length > 0 ? named.join(', ').slice(0, 500) : null }
}
