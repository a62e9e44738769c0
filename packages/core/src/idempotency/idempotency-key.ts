import type { Actor } from '../context/actor.ts'
import { coreErrors } from '../errors/core.errors.ts'

const { createHash } = process.getBuiltinModule('node:crypto')

const PLAIN = /^[\x21-\x7e]{1,255}$/

/** Checks the header. @throws `http.invalid_request` unless it is 1 to 255 visible ASCII characters */
export function requireKey(given: string): string {
  if (PLAIN.test(given)) return given
  const message = `expected 1 to 255 visible ASCII characters without spaces, such as a UUID, got ${given.length}${given.length > 255 ? '' : ', some of them others'}`
  throw coreErrors['http.invalid_request']({
    part: 'headers',
    issues: [{ path: 'idempotency-key', message }],
  })
}

/** What a key belongs to: the same key of another caller, route or row is another key. */
export interface KeyScope {
  readonly actor: Pick<Actor, 'kind' | 'id'>
  readonly routeId: string
  readonly params: readonly string[]
}

/** Stands for the key in the database, which never sees it. */
export function hashKey(key: string, { actor, routeId, params }: KeyScope): string {
  return hash([actor.kind, actor.id, routeId, ...params, key])
}

/**
 * Equal for requests that ask for the same. The order of a body's fields does not matter.
 * @throws `http.malformed_json` for a body that nests thousands of levels deep
 */
export function fingerprintOf(request: {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: unknown
}): string {
  const { method, path, query, body } = request
  return hash([method, path, query, body === undefined ? '' : canonical(body)])
}

function hash(parts: readonly string[]): string {
  // As JSON, so that two lists of parts never read the same.
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function canonical(value: unknown): string {
  try {
    return sorted(value)
  } catch (cause) {
    throw coreErrors['http.malformed_json']({ reason: 'it nests too deep' }, { cause })
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('base64')
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
