import type { Ids, Random } from '@clientele/core'

/** Ids that two instances make alike, and that tenants share when they are made to. */
export class SeededIds implements Ids {
  #series = 0
  #last = 0
  #marks = 0

  /** Begins a series of ids; the same name gives the same ids again. */
  use(series: string): void {
    this.#series = hash(series)
    this.#last = 0
    this.#marks = 0
  }

  /** Names the place in the series; each call is another place. */
  mark(): string {
    return `${this.#series} ${++this.#marks}`
  }

  next(): string {
    const [series, n] = [this.#series, ++this.#last].map((part) => part.toString(16))
    return `${series!.padStart(8, '0')}-0000-7000-8000-${n!.padStart(12, '0')}`
  }
}

/** Bytes and numbers that are the same in every instance, and others in every series of ids. */
export function fixedRandom(ids: SeededIds): Random {
  return {
    bytes: (length) => Uint8Array.from({ length }, (_, place) => hash(`${ids.mark()} ${place}`) & 0xff),
    number: () => 0.5,
  }
}

/** FNV-1a: tells the names apart that tests use. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193)
  return value >>> 0
}
