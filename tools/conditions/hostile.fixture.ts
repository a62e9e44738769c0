import type { SeededRandom } from '@clientele/testing'

/** A rule about something with a hostile name, and what makes somebody meet it. */
export interface Rule {
  readonly name: string
  /** What the customer has by that name, where the rule was accepted. */
  readonly trait: unknown
  readonly json: object
}

/** A rule about a trait whose name, path and value are pieces of what languages give a meaning of their own. */
export function randomRule(random: SeededRandom): Rule {
  const text = (): string =>
    Array.from({ length: 1 + Math.floor(random.number() * 3) }, () => random.pick(PIECES)).join('')
  const [name, key, value] = [text(), text(), text()]
  const operator = random.pick(OPERATORS)
  const path = random.number() < 0.4 ? [key] : []
  const asked = {
    ...(path.length > 0 ? { path } : {}),
    operator,
    ...valueOf(operator, random.number() < 0.8 ? value : text(), key),
  }
  const json =
    random.number() < 0.5
      ? { type: 'trait', name, ...asked }
      : { type: 'attribute', field: 'traits', ...asked, path: [name, ...path] }
  const inner = operator.includes('nclude') ? [value] : operator === 'hasElement' ? [{ [key]: value }] : value
  const trait = path.length > 0 ? Object.fromEntries([[key, inner]]) : inner
  return { name, json, trait: isStorable(trait) ? trait : null }
}

/** Whether databases can hold it: no NUL, no half of a character. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every((entry) => entry.every(isStorable))
}

function valueOf(operator: (typeof OPERATORS)[number], value: string, property: string): object {
  if (operator === 'isSet' || operator === 'isEmpty') return {}
  if (operator === 'in') return { value: [value] }
  return { value: operator === 'hasElement' ? [{ property, operator: 'is', value }] : value }
}

/** What paths, patterns, literals, JSON and JavaScript give a meaning of their own. */
const PIECES = [
  '"',
  "'",
  "''",
  '`',
  '\\',
  '\\u0000',
  '\0',
  '\n',
  '\u0001',
  '\u2028',
  '\ud800',
  '😀',
  'é',
  'e\u0301',
  '%',
  '_',
  '*',
  '?',
  '$',
  '$.',
  '$..',
  '$[*]',
  '[0]',
  '[#-1]',
  '.',
  '..',
  '@',
  '{}',
  '{"a":1}',
  '->>',
  '--',
  '/*',
  ';',
  '::text',
  ' or 1=1',
  ') union select 1',
  '$1',
  '?1',
  ':name',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'a',
  'A',
  ' ',
]

const OPERATORS = [
  'is',
  'isNot',
  'contains',
  'startsWith',
  'endsWith',
  'like',
  'notLike',
  'isSet',
  'isEmpty',
  'includes',
  'in',
  'hasElement',
] as const
