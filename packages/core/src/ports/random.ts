import { randomFillSync } from 'node:crypto'

/** The only source of randomness, so that a test can seed it. */
export interface Random {
  /** Cryptographically strong bytes. */
  bytes(length: number): Uint8Array
  /** A number in [0, 1). Not for secrets. */
  number(): number
}

/** The operating system's randomness, taken in blocks: one call to the kernel serves hundreds of ids. */
export function systemRandom(): Random {
  const pool = Buffer.allocUnsafe(8192)
  let used = pool.length
  const take = (length: number): Uint8Array => {
    if (length > pool.length) return randomFillSync(new Uint8Array(length))
    if (used + length > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += length
    return Uint8Array.prototype.slice.call(pool, used - length, used)
  }
  return {
    bytes: take,
    number() {
      const b = take(6)
      return (
        (b[0]! * 2 ** 40 + b[1]! * 2 ** 32 + b[2]! * 2 ** 24 + b[3]! * 65536 + b[4]! * 256 + b[5]!) / 2 ** 48
      )
    },
  }
}
