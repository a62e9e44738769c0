/** Randomness that a seed repeats, for property tests: print the seed, and a failure can be run again. */
export interface SeededRandom {
  /** In [0, 1). */
  number(): number
  /** One of the list. */
  pick<T>(list: readonly T[]): T
  /** The value or, three times in ten, null. */
  maybe<T>(make: () => T): T | null
}

/** mulberry32: 32 bits of state, good enough to choose test cases. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed
  const number = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    number,
    pick: (list) => list[Math.floor(number() * list.length)]!,
    maybe: (make) => (number() < 0.3 ? null : make()),
  }
}
