import { coreErrors } from '../errors/core.errors.ts'

/** Deeper values are refused: validators and serialisers recurse. */
const MAX_DEPTH = 100

// A NUL (which PostgreSQL text cannot hold), half a surrogate pair (which its JSON cannot), a `__proto__` key in
// any spelling, a number that may be read as infinite: rare enough to take the slow way.
const SUSPECT = /__proto__|\\u(?:0000|005f|d[89a-f])|e\+?\d{3}|\d{309}/i

type Part = 'params' | 'query' | 'body'

/**
 * Parses JSON from outside. Keys named `__proto__` are dropped.
 * @throws `http.malformed_json` also for more than 100 levels; `http.invalid_request` for texts with a NUL or half a
 * surrogate pair, naming the field.
 */
export function parseJson(text: string): unknown {
  if (text.length > 2 * MAX_DEPTH && nestsTooDeep(text))
    throw malformed(`it nests deeper than ${MAX_DEPTH} levels`)
  const value = parse(text)
  return SUSPECT.test(text) ? checkValue(value) : value
}

/**
 * The same promises for a value that somebody else parsed.
 * @throws `http.malformed_json`, `http.invalid_request`
 */
export function checkValue(value: unknown, part: Part = 'body'): unknown {
  const flaw = flawOf(value, 0)
  if (!flaw) return value
  const path = flaw.path.map((name) => name.slice(0, 100)).join('.')
  throw coreErrors['http.invalid_request']({
    part,
    issues: [{ path: path.slice(0, 300), message: flaw.message }],
  })
}

interface Flaw {
  readonly message: string
  /** From the outermost field to the one it is in. */
  readonly path: string[]
}

function flawOf(value: unknown, depth: number): Flaw | null {
  if (typeof value === 'string') return flawOfText(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    return { message: 'is a number too large', path: [] }
  if (typeof value !== 'object' || value === null) return null
  if (depth >= MAX_DEPTH) throw malformed(`it nests deeper than ${MAX_DEPTH} levels`)
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    if (key === '__proto__') {
      delete record[key]
      continue
    }
    const named = flawOfText(key)
    if (named) return { ...named, message: `has a name that ${named.message}` }
    const flaw = flawOf(record[key], depth + 1)
    if (flaw) {
      flaw.path.unshift(key)
      return flaw
    }
  }
  return null
}

function flawOfText(text: string): Flaw | null {
  if (text.includes('\0')) return { message: 'holds a NUL character', path: [] }
  return text.isWellFormed() ? null : { message: 'holds half a surrogate pair', path: [] }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    throw malformed(
      position === undefined ? 'it ends early or is empty' : `unexpected character at ${position}`,
    )
  }
}

function nestsTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

function malformed(reason: string): Error {
  return coreErrors['http.malformed_json']({ reason })
}
