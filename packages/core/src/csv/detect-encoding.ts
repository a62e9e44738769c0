import { isUtf8 } from 'node:buffer'

/** How much surer (of 100) a guess must be than Western, which short texts are hardly told from. */
const AHEAD = 10

/**
 * The encoding of a text by its first bytes, as the WHATWG names it: `utf-8`, `utf-16le`, `windows-1252`. A byte order
 * mark decides; what is UTF-8 is taken for it; the rest is a guess by frequency.
 */
export async function detectEncoding(sample: Uint8Array): Promise<string> {
  const marked = byMark(sample)
  if (marked) return marked
  const wide = byZeros(sample)
  if (wide) return wide
  // Also with a NUL here and there: as another encoding, what is not ASCII further on would silently be other letters.
  if (isUtf8(withoutCutCharacter(sample))) return 'utf-8'
  // Loaded with the first text that needs it.
  const { analyse } = await import('chardet')
  const guesses = analyse(sample)
  const western = guesses.find(({ name }) => name === 'ISO-8859-1')?.confidence ?? 0
  const best = guesses.find(({ name }) => name !== 'ISO-8859-1' && name !== 'ASCII')
  // What is called Latin-1 is nearly always the code page of Windows, and to the WHATWG the same.
  return (best && best.confidence >= western + AHEAD && encodingNamed(best.name)) || 'windows-1252'
}

/** The WHATWG's own name of an encoding, or null when it is none that can be read: `latin1` is `windows-1252`. */
export function encodingNamed(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

function byMark([a, b, c]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  return null
}

/** UTF-16 without a mark: of Western text every other byte is zero. */
function byZeros(sample: Uint8Array): string | null {
  const zeros = [0, 0]
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2]! += 1
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 8 && odd > even * 4) return 'utf-16le'
  if (even > sample.length / 8 && even > odd * 4) return 'utf-16be'
  return null
}

/** True when a piece of a UTF-8 text is one, whatever characters its ends cut in two. */
export function isPieceOfUtf8(piece: Uint8Array): boolean {
  let start = 0
  while (start < 3 && start < piece.length && (piece[start]! & 0xc0) === 0x80) start += 1
  return isUtf8(withoutCutCharacter(piece.subarray(start)))
}

/** The sample may end in the middle of a character of up to four bytes. */
function withoutCutCharacter(sample: Uint8Array): Uint8Array {
  let end = sample.length
  while (end > 0 && sample.length - end < 3 && (sample[end - 1]! & 0xc0) === 0x80) end -= 1
  return end > 0 && sample[end - 1]! >= 0xc0 ? sample.subarray(0, end - 1) : sample
}
