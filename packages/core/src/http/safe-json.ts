import { coreErrors } from '../errors/core.errors.ts'

/** Deeper values are refused: validators and serialisers recurse. */
const MAX_DEPTH = 100

// A NUL (which PostgreSQL text cannot hold), half a surrogate pair (which its JSON cannot), a `__proto__` key in
// any spelling: rare enough to take the slow way.
const SUSPECT = /__proto__|\\u(?:0000|005f|d[89a-f])/i

/**
 * Parses JSON from outside. Keys named `__proto__` are dropped.
 * @throws `http.malformed_json` also for NUL characters, half surrogate pairs and more than 100 levels.
 */
export function parseJson(text: string): unknown {
  if (text.length > 2 * MAX_DEPTH && nestsTooDeep(text))
    throw malformed(`it nests deeper than ${MAX_DEPTH} levels`)
  const value = parse(text)
  return SUSPECT.test(text) ? checkValue(value) : value
}

/**
 * The same promises for a value that somebody else parsed.
 * @throws `http.malformed_json`
 */
export function checkValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return checkText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) throw malformed(`it nests deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1)
    return value
  }
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    if (key === '__proto__') {
      delete record[key]
      continue
    }
    checkText(key)
    checkValue(record[key], depth + 1)
  }
  return value
}

function checkText(text: string): string {
  if (text.includes('\0')) throw malformed('a text holds a NUL character')
  if (!text.isWellFormed()) throw malformed('a text holds half a surrogate pair')
  return text
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
