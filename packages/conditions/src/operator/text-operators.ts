import { escapeLike, foldAscii, wildcardPattern } from '@clientele/core'
import { expressionBuilder, sql } from 'kysely'
import * as z from 'zod'
import { complement } from './complement.ts'
import { compileCount, countSchema, holdsCount, type Count } from './count.ts'
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
    input: 'value',
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

/** How many characters: code points, so an emoji of one is one. */
const length: Operator = {
  name: 'length',
  kinds: ['text'],
  input: 'count',
  costly: true,
  value: () => countSchema,
  compile: (column, value) => compileCount(sql<number>`length(${column})`, value as Count),
  evaluate: (actual, value) =>
    typeof actual === 'string' && holdsCount(Array.from(actual).length, value as Count),
}

const domain = z
  .string()
  .max(253)
  .regex(/^[^\s@\0]+$/, 'expected a domain, such as example.com')

/** The domain of an e-mail address: what follows the last `@`. Not its subdomains. */
const domainIs: Operator = {
  name: 'domainIs',
  kinds: ['text'],
  input: 'text',
  costly: true,
  value: () => domain,
  compile: (column, value, scope) => scope.sql.matches(column as never, `%@${escapeLike(value as string)}`),
  evaluate: (actual, value) =>
    typeof actual === 'string' && foldAscii(actual).endsWith(`@${foldAscii(value as string)}`),
}

const domainIn: Operator = {
  name: 'domainIn',
  kinds: ['text'],
  input: 'texts',
  costly: true,
  value: () => z.array(domain).min(1).max(100),
  compile: (column, value, scope) =>
    expressionBuilder<any, any>().or(
      (value as readonly string[]).map((one) => domainIs.compile(column, one, scope)),
    ),
  evaluate: (actual, value, environment) =>
    (value as readonly string[]).some((one) => domainIs.evaluate(actual, one, environment)),
}

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
  length,
  domainIs,
  complement('domainIsNot', domainIs),
  domainIn,
  complement('domainNotIn', domainIn),
]
