import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** Makes the id of every row. */
export interface Ids {
  /** A UUIDv7 in canonical lower case. Later calls in one process sort after earlier ones. */
  next(): string
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** RFC 9562 UUIDv7: 48 bits of time, then a 12-bit counter in `rand_a`, then 62 random bits. */
export function uuidV7(clock: Clock, random: Random): Ids {
  let lastMs = 0
  let counter = 0
  return {
    next() {
      const now = clock.now()
      if (now > lastMs) {
        lastMs = now
        counter = 0
      } else if (++counter > 0xfff) {
        // 4,096 ids within a millisecond: borrow the next one rather than break the order.
        lastMs += 1
        counter = 0
      }
      return format(lastMs, counter, random.bytes(8))
    },
  }
}

function format(ms: number, counter: number, r: Uint8Array): string {
  const high = Math.floor(ms / 2 ** 16)
  const time = `${HEX[(high >>> 24) & 255]}${HEX[(high >>> 16) & 255]}${HEX[(high >>> 8) & 255]}${HEX[high & 255]}-${HEX[(ms >>> 8) & 255]}${HEX[ms & 255]}`
  const version = `7${HEX[counter >>> 8]![1]}${HEX[counter & 255]}`
  const variant = `${HEX[(r[0]! & 0x3f) | 0x80]}${HEX[r[1]!]}`
  return `${time}-${version}-${variant}-${HEX[r[2]!]}${HEX[r[3]!]}${HEX[r[4]!]}${HEX[r[5]!]}${HEX[r[6]!]}${HEX[r[7]!]}`
}
