const NIBBLES = nibbles()
const POSITIONS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const

/**
 * The 16 bytes of a canonical UUID. Any other text becomes bytes that no UUID has: a query for it finds nothing
 * instead of failing.
 */
export function encodeUuid(text: string): Buffer {
  if (text.length !== 36) return notAUuid(text)
  const bytes = Buffer.allocUnsafe(16)
  let seen = 0
  for (let i = 0; i < 16; i++) {
    const at = POSITIONS[i]!
    const byte = ((NIBBLES[text.charCodeAt(at)] ?? -1) << 4) | (NIBBLES[text.charCodeAt(at + 1)] ?? -1)
    seen |= byte
    bytes[i] = byte
  }
  const dashed = text[8] === '-' && text[13] === '-' && text[18] === '-' && text[23] === '-'
  return seen >= 0 && dashed ? bytes : notAUuid(text)
}

/** The canonical lower-case form of 16 bytes; plain hex for a value of another length. */
export function decodeUuid(bytes: Uint8Array): string {
  return dashed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'))
}

/** What SQL's `hex()` makes of the 16 bytes; of NULL it makes an empty text. */
export function decodeHexUuid(hex: string): string | null {
  return hex === '' ? null : dashed(hex.toLowerCase())
}

function dashed(hex: string): string {
  if (hex.length !== 32) return hex
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function notAUuid(text: string): Buffer {
  return Buffer.from(text.padEnd(17, '\0'))
}

function nibbles(): Int8Array {
  const table = new Int8Array(128).fill(-1)
  for (let i = 0; i < 16; i++) {
    table[i.toString(16).charCodeAt(0)] = i
    table[i.toString(16).toUpperCase().charCodeAt(0)] = i
  }
  return table
}
