import { jsonEditorFields, type Advice, type EditorField } from '@clientele/conditions'
import { nearestNames, toTimestamp, type Ctx } from '@clientele/core'
import type { CustomersTables } from '../customers.tables.ts'
import { namesOf, type EventFact, type EventFilter } from './event-filter.ts'
import { numberOperators } from './number-comparison.ts'

/** The last of several events, as explanations show what decided. */
export function lastSeen(events: readonly EventFact[]): { readonly event?: object } {
  const event = events.at(-1)
  return event ? { event: eventSeen(event) } : {}
}

/** An event, as explanations show it. */
export function eventSeen({ id, name, at }: EventFact): object {
  return { id, name, occurredAt: toTimestamp(at) }
}

/** Names of events that the tenant has not seen: they may be to come, or be misspelt. */
export async function eventAdvice(
  filters: readonly EventFilter[],
  ctx: Ctx<CustomersTables>,
): Promise<readonly Advice[]> {
  const names = [...new Set(filters.flatMap(namesOf))]
  const rows = await ctx.db.selectFrom('eventDefinitions').select('name').where('name', 'in', names).execute()
  const known = new Set(rows.map(({ name }) => name))
  const unseen = names.filter((name) => !known.has(name))
  if (unseen.length === 0) return []
  const all = await ctx.db.selectFrom('eventDefinitions').select('name').distinct().orderBy('name').execute()
  const others = all.map(({ name }) => name)
  return unseen.map((name) => ({
    key: 'conditions.advice.unseenEvent',
    params: { name, nearest: nearestNames(name, others) },
  }))
}

type Parameter = 'count' | 'within' | 'amount'

/** How editors ask for a filter and what goes with it. */
export function eventFields(parameters: readonly Parameter[]): readonly EditorField[] {
  const fields: Record<Parameter, EditorField> = {
    count: { name: 'count', kind: 'number', operators: numberOperators, inputs: { between: 'pair' } },
    amount: { name: 'value', kind: 'number', operators: numberOperators, inputs: { between: 'pair' } },
    within: { name: 'within', kind: 'window', operators: [] },
  }
  return [
    {
      ...{ name: 'name', kind: 'event', operators: [] },
      suggest: { from: '/api/v1/event-definitions?limit=200&sort=name', value: 'name' },
    },
    { name: 'where', kind: 'properties', operators: [], fields: jsonEditorFields('*') },
    ...parameters.map((parameter) => fields[parameter]),
  ]
}
