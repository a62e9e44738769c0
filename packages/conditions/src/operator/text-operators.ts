import { escapeLike, foldAscii, wildcardPattern } from '@clientele/core'
import { complement } from './complement.ts'
import type { Operator } from './operator.ts'

/** A pattern made from the needle; A to Z are folded on both sides, nothing else is. */
function matching(
  name: string,
  toLike: (text: string) => string,
  toRegExp: (text: string) => RegExp,
): Operator {
  return {
    name,
    kinds: ['text'],
    dear: true,
    value: (item) => item,
    compile: (column, value, scope) => scope.sql.matches(column as never, toLike(value as string)),
    evaluate: (actual, value) =>
      typeof actual === 'string' && toRegExp(foldAscii(value as string)).test(foldAscii(actual)),
  }
}

const contains = matching(
  'contains',
  (text) => `%${escapeLike(text)}%`,
  (text) => new RegExp(quoted(text), 's'),
)
const startsWith = matching(
  'startsWith',
  (text) => `${escapeLike(text)}%`,
  (text) => new RegExp(`^${quoted(text)}`, 's'),
)
const endsWith = matching(
  'endsWith',
  (text) => `%${escapeLike(text)}`,
  (text) => new RegExp(`${quoted(text)}$`, 's'),
)

/** `*` is any run of characters, `?` is one; everything else is itself. */
const like = matching(
  'like',
  wildcardPattern,
  (pattern) => new RegExp(`^${quoted(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 'su'),
)

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

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}
