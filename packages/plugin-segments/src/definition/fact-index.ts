import type { FactKey } from '@clientele/conditions'

/** Finds what depends on a fact, in the time of what is found. */
export class FactIndex<T> {
  readonly #exact = new Map<FactKey, Set<T>>()
  /** By what stands before the `*`. */
  readonly #wild = new Map<string, Set<T>>()
  readonly #everything = new Set<T>()

  add(dependency: FactKey, dependent: T): void {
    if (dependency === '*') this.#everything.add(dependent)
    else if (dependency.endsWith('.*')) put(this.#wild, dependency.slice(0, -1), dependent)
    else put(this.#exact, dependency, dependent)
  }

  /** What depends on one of the facts; a fact that ends in `.*` stands for all of its kind. */
  dependents(facts: Iterable<FactKey>): Set<T> {
    const found = new Set(this.#everything)
    for (const fact of facts) this.#collect(fact, found)
    return found
  }

  #collect(fact: FactKey, found: Set<T>): void {
    for (const one of this.#exact.get(fact) ?? []) found.add(one)
    // `customers.traits.plan` is also one of `customers.traits.*` and of `customers.*`; names may have dots of their own.
    for (let dot = fact.indexOf('.'); dot >= 0; dot = fact.indexOf('.', dot + 1)) {
      for (const one of this.#wild.get(fact.slice(0, dot + 1)) ?? []) found.add(one)
    }
    // A dependency on a whole is touched by any of its parts, and one on a part by the whole.
    for (let dot = fact.lastIndexOf('.'); dot > 0; dot = fact.lastIndexOf('.', dot - 1)) {
      for (const one of this.#exact.get(fact.slice(0, dot)) ?? []) found.add(one)
    }
    this.#collectBelow(fact.endsWith('.*') ? fact.slice(0, -1) : `${fact}.`, found)
  }

  #collectBelow(prefix: string, found: Set<T>): void {
    for (const index of [this.#exact, this.#wild]) {
      for (const [dependency, dependents] of index) {
        if (dependency.startsWith(prefix)) for (const one of dependents) found.add(one)
      }
    }
  }
}

function put<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const known = index.get(key)
  if (known) known.add(value)
  else index.set(key, new Set([value]))
}
