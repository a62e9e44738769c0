import { escapeLike, foldAscii, wildcardPattern } from '@clientele/core'
import { complement } from './complement.ts'
import type { Operator } from './operator.ts'
import { matchesWildcards } from './wildcards.ts'

/** A pattern made from the needle; A to Z are folded on both sides, nothing else is. */
function matching(
  name: string,
  toLike: (needle: string) => string,
  holds: (text: string, needle: string) => boolean,
): Operator {
  return {
    name,
    kinds: ['text'],
    costly: true,
    value: (item) => item,
    compile: (column, value, scope) => scope.sql.matches(column as never, toLike(value as string)),
    evaluate: (actual, value) =>
      typeof actual === 'string' && holds(foldAscii(actual), foldAscii(value as string)),
  }
}

const contains = matching(
  'contains',
  (needle) => `%${escapeLike(needle)}%`,
  (text, needle) => text.includes(needle),
)
const startsWith = matching(
  'startsWith',
  (needle) => `${escapeLike(needle)}%`,
  (text, needle) => text.startsWith(needle),
)
const endsWith = matching(
  'endsWith',
  (needle) => `%${escapeLike(needle)}`,
  (text, needle) => text.endsWith(needle),
)

/** `*` is any run of characters, `?` is one; everything else is itself. */
const like = matching('like', wildcardPattern, matchesWildcards)

/** Operators about parts of a text. */
export const textOperators: readonly Operator[] = [
  contains,
  complement('notContains', contains),
  startsWith,
  complement('notStartsWith', startsWith),
  endsWith,
  complement('notEndsWith', endsWith),
  like,
  complement('notLike', like),
]
