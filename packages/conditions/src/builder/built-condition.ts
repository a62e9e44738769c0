import type { Condition, Leaf } from '../condition.ts'

/** A condition, or one that is being built. */
export type ConditionLike = Condition | BuiltCondition

/**
 * A condition that is built in code. `toJSON` gives the plain {@link Condition}, which is also what is sent and saved;
 * everything that reads conditions takes it as it is.
 */
export class BuiltCondition {
  readonly #condition: Condition

  /** @param condition what it is so far; builders of leaves extend this class and answer a new one at each step */
  constructor(condition: Condition) {
    this.#condition = condition
  }

  /** All of them are met. `a.and(b).and(c)` is one group of three. */
  and(...others: readonly ConditionLike[]): BuiltCondition {
    const own = this.#condition
    const first = 'all' in own && !('type' in own) ? own.all : [own]
    return new BuiltCondition({ all: [...first, ...others.map(plainCondition)] })
  }

  /** At least one of them is met. */
  or(...others: readonly ConditionLike[]): BuiltCondition {
    const own = this.#condition
    const first = 'any' in own && !('type' in own) ? own.any : [own]
    return new BuiltCondition({ any: [...first, ...others.map(plainCondition)] })
  }

  /** It is not met: the exact complement. */
  not(): BuiltCondition {
    return new BuiltCondition({ not: this.#condition })
  }

  /** The condition as plain JSON. */
  toJSON(): Condition {
    return this.#condition
  }
}

/** All of them are met; of none, everybody. */
export function all(...parts: readonly ConditionLike[]): BuiltCondition {
  return new BuiltCondition({ all: parts.map(plainCondition) })
}

/** At least one of them is met; of none, nobody. */
export function any(...parts: readonly ConditionLike[]): BuiltCondition {
  return new BuiltCondition({ any: parts.map(plainCondition) })
}

/** It is not met: the exact complement. */
export function not(part: ConditionLike): BuiltCondition {
  return new BuiltCondition({ not: plainCondition(part) })
}

/** So many of them are met, or more. */
export function atLeast(count: number, ...parts: readonly ConditionLike[]): BuiltCondition {
  return new BuiltCondition({ atLeast: count, of: parts.map(plainCondition) })
}

/** A question of a registered type, for types that have no builder of their own. */
export function leaf(of: Leaf): BuiltCondition {
  return new BuiltCondition(of)
}

/** The plain JSON of a condition, whichever way it was written. */
function plainCondition(condition: ConditionLike): Condition {
  return condition instanceof BuiltCondition ? condition.toJSON() : condition
}
