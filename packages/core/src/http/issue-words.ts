import type * as z from 'zod'

/** What a validator found, in words for whoever sent it. What a schema says in its own words stays. */
export function wordsOf(issue: z.core.$ZodIssue): string {
  return LIBRARY_WORDS.test(issue.message) ? words(issue) : issue.message
}

/** How the messages of zod itself begin, which speak of its types. */
const LIBRARY_WORDS = /^(?:Invalid |Too small|Too big|Unrecognized key)/

function words(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is required'
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_format':
      return format(issue)
    case 'too_small':
      return bound(issue, issue.minimum, 'at least', 'more than')
    case 'too_big':
      return bound(issue, issue.maximum, 'at most', 'less than')
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_union':
      return 'options' in issue ? oneOf(issue.options) : 'has none of the forms that are allowed'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_key':
      return 'has a name that is not allowed'
    default:
      return 'is not allowed'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  tuple: 'an array',
  null: 'null',
  date: 'a date',
}

const FORMATS: Readonly<Record<string, string>> = {
  guid: 'a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057',
  uuid: 'a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057',
  email: 'an e-mail address',
  url: 'a URL, such as https://example.com',
  datetime: 'an instant, such as 2026-01-31T09:30:00Z',
  date: 'a date, such as 2026-01-31',
  time: 'a time, such as 09:30:00',
  duration: 'an ISO 8601 duration, such as P3D',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'base64',
}

function format(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const known = FORMATS[issue.format]
  if (known) return `must be ${known}`
  if ('prefix' in issue) return `must begin with "${String(issue.prefix)}"`
  if ('suffix' in issue) return `must end with "${String(issue.suffix)}"`
  if ('includes' in issue) return `must contain "${String(issue.includes)}"`
  return issue.format === 'regex' ? `must match ${issue.pattern}` : `must be a valid ${issue.format}`
}

type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig

function bound(issue: Bound, limit: number | bigint, inclusive: string, exclusive: string): string {
  const { origin, exact, inclusive: isInclusive = true } = issue
  const unit = UNITS[origin]
  if (unit === undefined) return `must be ${isInclusive ? inclusive : exclusive} ${limit}`
  if (issue.code === 'too_small' && limit === 1 && !exact) return 'must not be empty'
  return `must have ${exact ? 'exactly' : inclusive} ${limit} ${limit === 1 ? unit : `${unit}s`}`
}

const UNITS: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'item',
  file: 'byte',
}

function oneOf(values: unknown): string {
  const shown = (Array.isArray(values) ? values : []).map((value) => JSON.stringify(value) ?? 'nothing')
  return shown.length === 1 ? `must be ${shown[0]}` : `must be one of ${shown.join(', ')}`
}
