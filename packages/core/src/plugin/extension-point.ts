declare const contributionType: unique symbol

/** A place where higher plugins add to a lower one: `customers.details`, `conditions.types`. */
export interface ExtensionPoint<T> {
  readonly $$type: 'clientele/extension-point'
  readonly id: string
  /** Makes a contribution for a plugin's `contributions` list. */
  add(value: T): Contribution
  readonly [contributionType]?: T
}

export interface Contribution {
  readonly $$type: 'clientele/contribution'
  readonly pointId: string
  readonly value: unknown
}

/**
 * @example
 * export const CustomerDetails = defineExtensionPoint<DetailsSection>('customers.details')
 */
export function defineExtensionPoint<T>(id: string): ExtensionPoint<T> {
  return {
    $$type: 'clientele/extension-point',
    id,
    add: (value) => ({ $$type: 'clientele/contribution', pointId: id, value }),
  }
}
