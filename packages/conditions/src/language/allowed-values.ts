import type { Leaf } from '../condition.ts'

/** The values that meet a comparison: some of a list, or those between two ends; or none at all. */
export type Allowed =
  | { readonly kind: 'missing' }
  | { readonly kind: 'list'; readonly values: readonly unknown[] }
  | { readonly kind: 'range'; readonly low: End; readonly high: End }
  | { readonly kind: 'present' }

interface End {
  readonly at: number
  /** The end itself belongs to it. */
  readonly in: boolean
}

const LOWEST: End = { at: -Infinity, in: true }
const HIGHEST: End = { at: Infinity, in: true }

/** What a leaf allows; undefined where that is no list and no range. */
export function readAllowed({ operator, value }: Leaf): Allowed | undefined {
  if (operator === 'isSet') return { kind: 'present' }
  if (operator === 'isNotSet') return { kind: 'missing' }
  if (operator === 'is') return { kind: 'list', values: [value] }
  if (operator === 'in' && Array.isArray(value)) return { kind: 'list', values: value as unknown[] }
  if (operator === 'between' && Array.isArray(value)) {
    const [from, to] = (value as readonly unknown[]).map(comparable)
    if (from === undefined || to === undefined) return undefined
    // Instants leave their end out, numbers do not.
    return range({ at: from, in: true }, { at: to, in: typeof value[0] === 'number' })
  }
  const at = comparable(value)
  if (at === undefined) return undefined
  if (operator === 'gt') return range({ at, in: false }, HIGHEST)
  if (operator === 'gte' || operator === 'after') return range({ at, in: true }, HIGHEST)
  if (operator === 'lt' || operator === 'before') return range(LOWEST, { at, in: false })
  return operator === 'lte' ? range(LOWEST, { at, in: true }) : undefined
}

/** What both allow. */
export function intersected(one: Allowed | undefined, other: Allowed): Allowed {
  if (!one) return other
  if (one.kind === 'missing' || other.kind === 'missing')
    return one.kind === other.kind ? one : { kind: 'list', values: [] }
  if (one.kind === 'present') return other
  if (other.kind === 'present') return one
  if (one.kind === 'range' && other.kind === 'range')
    return range(later(one.low, other.low), earlier(one.high, other.high))
  const [list, rest] = one.kind === 'list' ? [one, other] : [other as typeof one & { kind: 'list' }, one]
  return { kind: 'list', values: list.values.filter((value) => allows(rest, value)) }
}

/** No value is allowed. */
export function isEmptyAllowed(allowed: Allowed): boolean {
  if (allowed.kind === 'list') return allowed.values.length === 0
  if (allowed.kind !== 'range') return false
  const { low, high } = allowed
  return low.at > high.at || (low.at === high.at && !(low.in && high.in))
}

/** Whatever the narrower allows, the wider does. */
export function impliesAllowed(narrower: Allowed, wider: Allowed): boolean {
  if (narrower.kind === 'missing' || wider.kind === 'missing') return narrower.kind === wider.kind
  if (wider.kind === 'present') return true
  if (narrower.kind === 'present') return false
  if (narrower.kind === 'list') return narrower.values.every((value) => allows(wider, value))
  if (wider.kind === 'list') return false
  return (
    later(narrower.low, wider.low) === narrower.low && earlier(narrower.high, wider.high) === narrower.high
  )
}

function allows(allowed: Allowed, value: unknown): boolean {
  if (allowed.kind === 'list') return allowed.values.includes(value)
  if (allowed.kind !== 'range') return allowed.kind === 'present'
  // Equality is asked of numbers, ranges of instants never meet it.
  if (typeof value !== 'number') return false
  const { low, high } = allowed
  return (low.in ? value >= low.at : value > low.at) && (high.in ? value <= high.at : value < high.at)
}

/** A number, or an instant in milliseconds. Days of the calendar depend on the zone and are left alone. */
function comparable(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length <= 10) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}

function range(low: End, high: End): Allowed {
  return { kind: 'range', low, high }
}

/** The later of two beginnings; the first when they are the same. */
function later(one: End, other: End): End {
  if (one.at !== other.at) return one.at > other.at ? one : other
  return one.in ? (other.in ? one : other) : one
}

/** The earlier of two ends; the first when they are the same. */
function earlier(one: End, other: End): End {
  if (one.at !== other.at) return one.at < other.at ? one : other
  return one.in ? (other.in ? one : other) : one
}
