/**
 * A question about one customer, as JSON: groups over leaves. A leaf names a registered {@link ConditionType}; its other
 * fields are that type's own.
 *
 * @example
 * { all: [
 *   { type: 'attribute', field: 'country', operator: 'is', value: 'France' },
 *   { not: { type: 'metric', field: 'totalSpend', operator: 'lt', value: 500 } },
 * ] }
 */
export type Condition = AllOf | AnyOf | Not | AtLeast | Leaf

/** Every part is met. Empty: everybody. */
export interface AllOf {
  readonly all: readonly Condition[]
}

/** Some part is met. Empty: nobody. */
export interface AnyOf {
  readonly any: readonly Condition[]
}

/** The part is not met: the exact complement, also where a value is missing. */
export interface Not {
  readonly not: Condition
}

/** At least `atLeast` of the parts are met. */
export interface AtLeast {
  readonly atLeast: number
  readonly of: readonly Condition[]
}

/** One question of a registered type. */
export interface Leaf {
  readonly type: string
  readonly [parameter: string]: unknown
}

/** Nested groups, the leaf included. */
export const MAX_DEPTH = 10

/** Groups and leaves together. */
export const MAX_NODES = 200
