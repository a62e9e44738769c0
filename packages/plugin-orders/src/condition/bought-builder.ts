import { BuiltCondition, windowOf, type DurationText, type Window } from '@clientele/conditions'
import type { BoughtLeaf } from './bought.ts'
import type { OrderProperty } from './builders.ts'
import type { BuiltRule } from './figure-builder.ts'

/** What may have been bought: exactly one of them. */
export type BoughtItem =
  | { readonly product: string; readonly sku?: never; readonly category?: never }
  | { readonly sku: string; readonly product?: never; readonly category?: never }
  | { readonly category: string; readonly product?: never; readonly sku?: never }

/** A question about what was bought; each step answers a new one. */
export class BoughtBuilder extends BuiltCondition {
  readonly #leaf: BoughtLeaf

  constructor(leaf: BoughtLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  /** So many pieces in all, or more. */
  atLeast(pieces: number): BoughtBuilder {
    return this.#with({ quantity: { operator: 'gte', value: pieces } })
  }

  atMost(pieces: number): BoughtBuilder {
    return this.#with({ quantity: { operator: 'lte', value: pieces } })
  }

  exactly(pieces: number): BoughtBuilder {
    return this.#with({ quantity: { operator: 'is', value: pieces } })
  }

  /** `90d`, rolling, or a window of another form. */
  within(window: DurationText | Window): BoughtBuilder {
    return this.#with({ within: windowOf(window) })
  }

  /** Only in orders that meet all of these rules. */
  where(...rules: readonly BuiltRule<OrderProperty>[]): BoughtBuilder {
    return this.#with({ where: [...(this.#leaf.where ?? []), ...rules] })
  }

  #with(changes: Partial<BoughtLeaf>): BoughtBuilder {
    return new BoughtBuilder({ ...this.#leaf, ...changes })
  }
}
