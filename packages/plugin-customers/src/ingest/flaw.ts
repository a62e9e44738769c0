import type { Rejection } from './parse-message.ts'

/** Bytes of one event as JSON. */
const MOST_BYTES = 32 * 1024
const DEEPEST = 32
/** Names in one object, and in an event with all that is in it. */
const MOST_KEYS = 300
const MOST_KEYS_IN_ALL = 3000

/** What keeps an event from being stored the same on every database, or at all; null when nothing does. */
export function flawOf(event: unknown): Rejection | null {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return { code: 'not_an_object', message: 'an event must be a JSON object' }
  }
  const budget = { keys: MOST_KEYS_IN_ALL }
  const flaw = flawWithin(event as Record<string, unknown>, 1, budget)
  if (flaw) return flaw
  // After the walk: it has seen that nothing in there breaks the serialiser.
  const bytes = Buffer.byteLength(JSON.stringify(event))
  if (bytes <= MOST_BYTES) return null
  return {
    code: 'too_large',
    message: `an event must not be larger than ${MOST_BYTES} bytes; it has ${bytes}`,
  }
}

function flawWithin(
  value: Readonly<Record<string, unknown>>,
  depth: number,
  budget: { keys: number },
): Rejection | null {
  if (depth > DEEPEST)
    return { code: 'too_deep', message: `an event must not nest deeper than ${DEEPEST} levels` }
  const names = Object.keys(value)
  budget.keys -= names.length
  const isCrowded = names.length > MOST_KEYS && !Array.isArray(value)
  if (isCrowded || budget.keys < 0) {
    return {
      code: 'too_many_keys',
      message: `an object must not have more than ${MOST_KEYS} names, nor an event more than ${MOST_KEYS_IN_ALL}`,
    }
  }
  for (const name of names) {
    if (name === '__proto__') {
      return { code: 'unsafe_key', message: 'a name must not be __proto__' }
    }
    const flaw = flawOfText(name) ?? flawOfValue(value[name], depth, budget)
    if (flaw) return flaw
  }
  return null
}

function flawOfValue(value: unknown, depth: number, budget: { keys: number }): Rejection | null {
  if (typeof value === 'string') return flawOfText(value)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { code: 'invalid_number', message: 'a number must be finite' }
  }
  if (typeof value !== 'object' || value === null) return null
  return flawWithin(value as Record<string, unknown>, depth + 1, budget)
}

function flawOfText(text: string): Rejection | null {
  if (text.includes('\0')) return { code: 'invalid_text', message: 'a text must not hold a NUL character' }
  if (text.isWellFormed()) return null
  return { code: 'invalid_text', message: 'a text must not hold half a surrogate pair' }
}
