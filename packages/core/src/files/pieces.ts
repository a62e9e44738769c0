/**
 * The same bytes in pieces of one size, the last one excepted: many small ones cost a write each, and a large one
 * would be held whole.
 */
export async function* inPieces(content: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let piece = Buffer.allocUnsafe(size)
  let filled = 0
  for await (const bytes of content) {
    for (let at = 0; at < bytes.byteLength;) {
      const taken = Math.min(size - filled, bytes.byteLength - at)
      piece.set(bytes.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < size) continue
      yield piece
      // Whoever took it may still be writing it.
      piece = Buffer.allocUnsafe(size)
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}
