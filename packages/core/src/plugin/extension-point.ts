declare const contributionType: unique symbol

/** A place where higher plugins add to a lower one: `customers.details`, `conditions.types`. */
export interface ExtensionPoint<T> {
  readonly $$type: 'clientele/extension-point'
  readonly id: string
  /** Makes a contribution for a plugin's `contributes` list. */
  add(value: T): Contribution
  readonly [contributionType]?: T
}

/** What a plugin adds to a place; made by {@link ExtensionPoint.add}. */
export interface Contribution {
  readonly $$type: 'clientele/contribution'
  readonly pointId: string
  readonly value: unknown
}

/**
 * Declares a place where higher plugins may add something. Its owner reads it with `ctx.extensions(point)`.
 *
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
