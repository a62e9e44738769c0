import { wordsOf } from './issue-words.ts'
import type { ListField } from './list-fields.ts'
import type { FilterOperator } from './list-query.ts'

const MAX_IN = 100
const MAX_TEXT = 200

type Result = { readonly value: unknown } | { readonly message: string }

/**
 * Turns what stands in a query string (or what a typed caller passes) into the value of a filter: by the operator
 * first, then by the column's kind and schema.
 */
export function filterValue(field: ListField, operator: FilterOperator, given: unknown): Result {
  if (operator === 'in') return listValue(field, given)
  if (Array.isArray(given)) return { message: 'is given more than once' }
  if (operator === 'isNull') {
    const value = booleanOf(given)
    return value === null ? { message: 'must be true or false' } : { value }
  }
  if (operator === 'contains' || operator === 'startsWith') {
    const usable = typeof given === 'string' && given !== '' && given.length <= MAX_TEXT
    return usable ? { value: given } : { message: `must be a text of 1 to ${MAX_TEXT} characters` }
  }
  return columnValue(field, given)
}

/** The integer in a text or number when it lies within the bounds, else null. */
export function integerIn(given: unknown, min: number, max: number): number | null {
  const value = integerOf(given)
  return typeof value === 'number' && value >= min && value <= max ? value : null
}

function listValue(field: ListField, given: unknown): Result {
  const parts: readonly unknown[] = Array.isArray(given)
    ? given
    : typeof given === 'string'
      ? given.split(',')
      : [given]
  if (parts.length > MAX_IN) return { message: `has more than ${MAX_IN} values` }
  const values: unknown[] = []
  for (const part of parts) {
    const result = columnValue(field, part)
    if ('message' in result) return result
    values.push(result.value)
  }
  return { value: values }
}

function columnValue({ kind, schema }: ListField, given: unknown): Result {
  const parsed = schema.safeParse(coerce(kind, given))
  if (parsed.success) return { value: parsed.data }
  const [issue] = parsed.error.issues
  return { message: issue ? wordsOf(issue) : 'is not valid' }
}

/** What cannot be coerced stays as it is, so that the column's schema says what it expects. */
function coerce(kind: ListField['kind'], given: unknown): unknown {
  if (typeof given !== 'string') return given
  switch (kind) {
    case 'integer':
    case 'money':
      return integerOf(given) ?? given
    case 'real':
      return /^-?\d{1,300}(?:\.\d{1,300})?(?:e[+-]?\d{1,3})?$/i.test(given) ? Number(given) : given
    case 'boolean':
      return booleanOf(given) ?? given
    default:
      return given
  }
}

function integerOf(given: unknown): number | null {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : null
  return typeof given === 'string' && /^-?\d{1,16}$/.test(given) ? Number(given) : null
}

function booleanOf(given: unknown): boolean | null {
  if (typeof given === 'boolean') return given
  return given === 'true' ? true : given === 'false' ? false : null
}
