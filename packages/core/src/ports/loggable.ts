import { isSecretName } from './secret-name.ts'

/** Deeper values are cut off. */
const MAX_DEPTH = 8

const REDACTED = '[redacted]'

/**
 * JSON of log fields, whatever they hold: a line about an error must never be a second error.
 *
 * @param redact leaves out what fields with the name of a secret hold
 */
export function loggableJson(fields: object, redact = true): string {
  const shown = (key: string, value: unknown): unknown =>
    redact && isSecretName(key) && typeof value === 'string' ? REDACTED : value
  try {
    return JSON.stringify(fields, (key, value: unknown) =>
      value instanceof Error ? errorFields(value) : shown(key, value),
    )
  } catch {
    // A cycle, a bigint, a getter that throws: rare enough to take the slow way.
    return JSON.stringify(loggable(fields, []), shown)
  }
}

/** What was thrown, in words: `TypeError: …` for errors, the value itself for anything else. Never throws. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  } catch {
    return 'something was thrown that cannot be put into words'
  }
}

function errorFields({ name, message, stack, cause }: Error): object {
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) }
}

function loggable(value: unknown, above: readonly unknown[]): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (above.length >= MAX_DEPTH) return '[deep]'
  const within = [...above, value]
  try {
    const fields = value instanceof Error ? errorFields(value) : value
    if (Array.isArray(fields)) return fields.map((item) => loggable(item, within))
    if ('toJSON' in fields && typeof fields.toJSON === 'function') return loggable(fields.toJSON(), within)
    return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, loggable(item, within)]))
  } catch {
    return '[unreadable]'
  }
}
