import { ConditionTypes, rankingConditions, type ConditionType } from '@clientele/conditions'
import type { AnyPlugin } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'

/** A condition type, and the package that contributes it. */
export interface InstalledType {
  readonly type: ConditionType
  readonly from: string
}

/** The plugins whose types the reference describes. */
export function referencePlugins(): readonly AnyPlugin[] {
  return [customers(), inventory(), orders(), segments()]
}

/** The condition types of {@link referencePlugins}, in their order, and those that rank by them. */
export function installedTypes(): readonly InstalledType[] {
  const contributed = contributedTypes()
  const types = contributed.map(({ type }) => type)
  return [...contributed, ...rankingConditions(Customer, types).map((type) => ({ type, from: 'conditions' }))]
}

function contributedTypes(): readonly InstalledType[] {
  return referencePlugins().flatMap((plugin) => {
    const { contributes = [] } = plugin.definition
    // What depends on options is contributed by other plugins than these.
    const contributions = typeof contributes === 'function' ? [] : contributes
    return contributions
      .filter(({ pointId }) => pointId === ConditionTypes.id)
      .map(({ value }) => ({ type: value as ConditionType, from: `plugin-${plugin.id}` }))
  })
}
