import { coreErrors } from '../errors/core.errors.ts'

const MAX_PARAMETERS = 100

/** Names to values as they were written; a repeated name gives an array. Has no prototype. */
export type RawQuery = Readonly<Record<string, string | readonly string[]>>

const EMPTY: RawQuery = Object.freeze(Object.create(null) as RawQuery)

/**
 * Reads what stands behind the `?`. Plain names and values: brackets mean nothing.
 * @throws `http.invalid_request` on broken percent-encoding, NUL and more than 100 parameters.
 */
export function parseQueryString(text: string): RawQuery {
  if (text === '') return EMPTY
  const query = Object.create(null) as Record<string, string | string[]>
  const pairs = text.split('&')
  if (pairs.length > MAX_PARAMETERS) throw invalidQuery('', `has more than ${MAX_PARAMETERS} parameters`)
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1), name)
    const before = query[name]
    query[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value]
  }
  return query
}

function decode(text: string, field = text): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const decoded = decodeText(text.replaceAll('+', ' '))
  if (decoded === null)
    throw invalidQuery(field.slice(0, 100), 'is not valid percent-encoding, or holds a NUL')
  return decoded
}

/** Undoes percent-encoding; null when it is broken or when a NUL comes out, which no database column can hold. */
export function decodeText(text: string): string | null {
  try {
    const decoded = decodeURIComponent(text)
    return decoded.includes('\0') ? null : decoded
  } catch {
    return null
  }
}

function invalidQuery(path: string, message: string): Error {
  return coreErrors['http.invalid_request']({ part: 'query', issues: [{ path, message }] })
}
