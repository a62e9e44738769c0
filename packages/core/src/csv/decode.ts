import { TextDecoder } from 'node:util'

/** The bytes of a text as UTF-8 without a byte order mark. What is no text of that encoding becomes U+FFFD. */
export function decoded(content: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  // UTF-8 needs no decoding: the parser works on its bytes.
  return encoding === 'utf-8' ? withoutMark(content) : asUtf8(content, new TextDecoder(encoding))
}

async function* asUtf8(content: AsyncIterable<Uint8Array>, decoder: TextDecoder): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    const text = decoder.decode(bytes, { stream: true })
    if (text !== '') yield Buffer.from(text)
  }
  const rest = decoder.decode()
  if (rest !== '') yield Buffer.from(rest)
}

const MARK = Buffer.from('\uFEFF')

async function* withoutMark(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Buffer | null = Buffer.alloc(0)
  for await (const bytes of content) {
    if (first === null) {
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      continue
    }
    first = Buffer.concat([first, bytes])
    if (first.length < MARK.length) continue
    yield unmarked(first)
    first = null
  }
  if (first !== null && first.length > 0) yield unmarked(first)
}

function unmarked(bytes: Buffer): Buffer {
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes
}
