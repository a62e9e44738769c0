/** Randomness that a seed repeats, so that every run measures the same rows. */
export interface SeededRandom {
  /** In [0, 1). */
  number(): number
  /** Standard normal. */
  normal(): number
  pick<T>(list: readonly T[]): T
}

/** mulberry32 with 32 bits of state. */
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
    // Box-Muller; one of the pair is enough.
    normal: () => Math.sqrt(-2 * Math.log(1 - number())) * Math.cos(2 * Math.PI * number()),
    pick: (list) => list[Math.floor(number() * list.length)]!,
  }
}
