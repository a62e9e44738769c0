import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { coreErrors } from '../errors/core.errors.ts'
import { isAsyncIterable, type HttpRequest } from './request.ts'
import type { UnreadBody } from './route.ts'
import { checkValue, parseJson } from './safe-json.ts'

export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024

/**
 * The JSON value of a body, or undefined when there is none. The limit is measured while reading.
 * @throws `http.unsupported_media_type`, `http.body_too_large`, `http.malformed_json`
 */
export async function readJsonBody(request: HttpRequest, limit: number): Promise<unknown> {
  const { body } = request
  if (body === undefined || body === null || !mayHaveBody(request)) return undefined
  requireJson(request)
  if (typeof body === 'string')
    return body === '' ? undefined : parseJson(withinLimit(Buffer.byteLength(body), limit, body))
  if (body instanceof Uint8Array) return parseBytes(withinLimit(body.byteLength, limit, body))
  if (!isAsyncIterable(body)) return checkValue(body)
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) throw coreErrors['http.body_too_large']({ limit })
  return parseBytes(await readAll(body, limit))
}

/** The body as a route's own reader makes it; what a parser of the host made is taken as it is. */
export async function readOwnBody(
  request: HttpRequest,
  limit: number,
  read: (body: UnreadBody) => Promise<unknown>,
): Promise<unknown> {
  const { body, headers } = request
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || isAsyncIterable(body)
  if (body !== undefined && body !== null && !isRaw) return checkValue(body)
  return read({ headers, stream: streamBody(request, limit), maxBodyBytes: limit })
}

/** The body piece by piece, for routes that read it themselves; more than `limit` bytes make it throw. */
export async function* streamBody(request: HttpRequest, limit: number): AsyncIterable<Uint8Array> {
  const { body } = request
  if (body === undefined || body === null) {
    // A parser of the host read it and kept nothing: an empty file would be a lost one.
    if (Number(request.headers['content-length'] ?? 0) > 0) throw alreadyRead(request)
    return
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = Buffer.from(body as string)
    yield withinLimit(bytes.byteLength, limit, bytes)
    return
  }
  if (!isAsyncIterable(body)) throw alreadyRead(request)
  let size = 0
  try {
    for await (const chunk of unbroken(body)) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.byteLength
      yield withinLimit(size, limit, bytes)
    }
  } finally {
    // Whoever stops early has an answer, and the client gets to see it: what is on its way is read and forgotten.
    if ('resume' in body) (body as Readable).on('error', () => {}).resume()
  }
}

/** A Node stream that is not destroyed, and its connection with it, when it is not read to the end. */
function unbroken(body: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array | string> {
  return 'iterator' in body ? (body as Readable).iterator({ destroyOnReturn: false }) : body
}

function alreadyRead({ headers }: HttpRequest): Error {
  return coreErrors['http.body_already_read']({ contentType: headers['content-type'] ?? '' })
}

function mayHaveBody({ headers, body }: HttpRequest): boolean {
  if (!isAsyncIterable(body)) return true
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+_-]+\+)?json$/i

function requireJson({ headers, body }: HttpRequest): void {
  const contentType = headers['content-type'] ?? ''
  const [type = '', ...parameters] = contentType.split(';')
  const charset = parameters.find((parameter) => /^\s*charset=/i.test(parameter))
  const utf8 = charset === undefined || /^\s*charset="?utf-?8"?\s*$/i.test(charset)
  if (!JSON_TYPE.test(type.trim()) || !utf8) throw coreErrors['http.unsupported_media_type']({ contentType })
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity' && isAsyncIterable(body)) {
    throw coreErrors['http.unsupported_media_type']({ contentType: `${contentType} (${encoding})` })
  }
}

function parseBytes(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined
  if (!isUtf8(bytes)) throw coreErrors['http.malformed_json']({ reason: 'it is not UTF-8' })
  return parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
}

function readAll(body: AsyncIterable<Uint8Array | string>, limit: number): Promise<Uint8Array> {
  return 'on' in body && 'pause' in body
    ? readEvents(body as unknown as Readable, limit)
    : readIterable(body, limit)
}

/** Events cost a third of what iterating a Node stream costs. */
function readEvents(stream: Readable, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    const settle = (finish: () => void): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
      finish()
    }
    const onData = (chunk: Uint8Array): void => {
      size += chunk.byteLength
      chunks.push(chunk)
      if (size <= limit) return
      settle(() => reject(coreErrors['http.body_too_large']({ limit })))
      // What is still on its way is read and forgotten, so that the client gets to see the answer.
      stream.on('error', () => {}).resume()
    }
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)))
    const onBroken = (): void =>
      settle(() => reject(coreErrors['http.malformed_json']({ reason: 'the request ended early' })))
    stream.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
  })
}

async function readIterable(body: AsyncIterable<Uint8Array | string>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.byteLength
    chunks.push(withinLimit(size, limit, bytes))
  }
  return Buffer.concat(chunks, size)
}

function withinLimit<T>(size: number, limit: number, value: T): T {
  if (size > limit) throw coreErrors['http.body_too_large']({ limit })
  return value
}
