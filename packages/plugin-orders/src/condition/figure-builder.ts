import { BuiltCondition, windowOf, type DurationText, type Window } from '@clientele/conditions'
import type { FigureLeaf } from './figure-conditions.ts'

/** A rule about a row, whose property is one of `P`. */
export interface BuiltRule<P extends string> {
  readonly property: P
  readonly operator: string
  readonly value?: unknown
}

/** A question about a figure; each step answers a new one. Amounts are in major units of the reporting currency. */
export class FigureBuilder<P extends string> extends BuiltCondition {
  readonly #leaf: FigureLeaf

  constructor(leaf: FigureLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  atLeast(value: number): FigureBuilder<P> {
    return this.#with({ operator: 'gte', value })
  }

  atMost(value: number): FigureBuilder<P> {
    return this.#with({ operator: 'lte', value })
  }

  moreThan(value: number): FigureBuilder<P> {
    return this.#with({ operator: 'gt', value })
  }

  lessThan(value: number): FigureBuilder<P> {
    return this.#with({ operator: 'lt', value })
  }

  exactly(value: number): FigureBuilder<P> {
    return this.#with({ operator: 'is', value })
  }

  /** Both ends belong to it. */
  between(from: number, to: number): FigureBuilder<P> {
    return this.#with({ operator: 'between', value: [from, to] })
  }

  /** `90d`, rolling, or a window of another form. */
  within(window: DurationText | Window): FigureBuilder<P> {
    return this.#with({ within: windowOf(window) })
  }

  /** Only rows that meet all of these rules. */
  where(...rules: readonly BuiltRule<P>[]): FigureBuilder<P> {
    return this.#with({ where: [...(this.#leaf.where ?? []), ...rules] })
  }

  #with(changes: Partial<FigureLeaf>): FigureBuilder<P> {
    return new FigureBuilder({ ...this.#leaf, ...changes })
  }
}
