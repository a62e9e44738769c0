import { expressionBuilder, sql, type SqlBool } from 'kysely'
import * as z from 'zod'
import { complement } from './complement.ts'
import type { FieldKind, Operator } from './operator.ts'

const NUMBERS: readonly FieldKind[] = ['integer', 'number', 'amount']

const eb = expressionBuilder<any, any>()

function ordered(
  name: string,
  sign: '>' | '>=' | '<' | '<=',
  holds: (a: number, b: number) => boolean,
): Operator {
  return {
    name,
    kinds: NUMBERS,
    input: 'value',
    value: (item) => item,
    compile: (column, value) => eb(column, sign, value),
    json: sign,
    evaluate: (actual, value) => typeof actual === 'number' && holds(actual, value as number),
  }
}

/** Both ends belong to it. */
const between: Operator = {
  name: 'between',
  kinds: NUMBERS,
  input: 'pair',
  value: (item) =>
    z
      .tuple([item, item])
      .refine((pair) => (pair[0] as number) <= (pair[1] as number), 'the first must not be greater'),
  compile(column, value) {
    const [from, to] = value as [number, number]
    return eb.and([eb(column, '>=', from), eb(column, '<=', to)])
  },
  evaluate(actual, value) {
    const [from, to] = value as [number, number]
    return typeof actual === 'number' && actual >= from && actual <= to
  },
}

interface Modulus {
  readonly divisor: number
  readonly remainder: number
}

/**
 * The remainder of a division by a whole number, never negative. Computed alike on every side, in doubles: beyond
 * 2^53 neighbours are one number, so nothing there is met.
 */
const mod: Operator = {
  name: 'mod',
  kinds: ['integer', 'number'],
  input: 'modulus',
  value: () =>
    z
      .strictObject({
        divisor: z.number().int().min(1).max(1_000_000_000),
        remainder: z.number().int().min(0),
      })
      .refine(({ divisor, remainder }) => remainder < divisor, {
        path: ['remainder'],
        message: 'must be less than the divisor',
      }),
  compile(column, value) {
    const { divisor, remainder } = value as Modulus
    const number = sql<number>`cast(${column} as float8)`
    const [least, most] = [sql.lit(-Number.MAX_SAFE_INTEGER), sql.lit(Number.MAX_SAFE_INTEGER)]
    const [by, left] = [sql.lit(divisor), sql.lit(remainder)]
    // A quotient of huge numbers is an error on PostgreSQL, and only CASE promises to look first.
    return sql<SqlBool>`(case when ${number} between ${least} and ${most}
      then ${number} - ${by} * floor(${number} / ${by}) = ${left} end)`
  },
  evaluate(actual, value) {
    const { divisor, remainder } = value as Modulus
    if (typeof actual !== 'number' || Math.abs(actual) > Number.MAX_SAFE_INTEGER) return false
    return actual - divisor * Math.floor(actual / divisor) === remainder
  },
}

/** Operators about the order of numbers. */
export const orderOperators: readonly Operator[] = [
  ordered('gt', '>', (a, b) => a > b),
  ordered('gte', '>=', (a, b) => a >= b),
  ordered('lt', '<', (a, b) => a < b),
  ordered('lte', '<=', (a, b) => a <= b),
  between,
  complement('notBetween', between),
  mod,
]
