import { coreErrors, type UnreadBody } from '@clientele/core'
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const

/**
 * JSON whatever the content type says, compressed or not, as clients send it. The limit holds for what comes out: a
 * small body that swells is given up as soon as it is too large.
 *
 * @throws `http.body_too_large`, `http.malformed_json`, `http.unsupported_media_type`
 */
export async function readEventsBody({ headers, stream, maxBodyBytes }: UnreadBody): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of decoded(stream, headers)) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw coreErrors['http.body_too_large']({ limit: maxBodyBytes })
    chunks.push(chunk)
  }
  // Nothing at all is for the route to refuse, after it has asked who calls.
  if (size === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch {
    throw coreErrors['http.malformed_json']({ reason: 'it is no JSON in UTF-8' })
  }
}

async function* decoded(
  stream: AsyncIterable<Uint8Array>,
  headers: UnreadBody['headers'],
): AsyncIterable<Uint8Array> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') {
    yield* stream
    return
  }
  if (!Object.hasOwn(DECODERS, encoding)) {
    throw coreErrors['http.unsupported_media_type']({ contentType: `content-encoding: ${encoding}` })
  }
  const decoder = DECODERS[encoding as keyof typeof DECODERS]()
  const source = Readable.from(stream)
  source.on('error', (error) => decoder.destroy(error))
  try {
    yield* source.pipe(decoder) as AsyncIterable<Uint8Array>
  } catch (error) {
    if (
      (error as { code?: string }).code?.startsWith('Z_') ||
      (error as { code?: string }).code?.startsWith('ERR_')
    ) {
      throw coreErrors['http.malformed_json']({ reason: `it is not ${encoding}` })
    }
    throw error
  } finally {
    source.destroy()
    decoder.destroy()
  }
}
