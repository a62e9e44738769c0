import { expressionBuilder } from 'kysely'
import * as z from 'zod'
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
  value: (item) => z.tuple([item, item]),
  compile(column, value) {
    const [from, to] = value as [number, number]
    return eb.and([eb(column, '>=', from), eb(column, '<=', to)])
  },
  evaluate(actual, value) {
    const [from, to] = value as [number, number]
    return typeof actual === 'number' && actual >= from && actual <= to
  },
}

/** Operators about the order of numbers. */
export const orderOperators: readonly Operator[] = [
  ordered('gt', '>', (a, b) => a > b),
  ordered('gte', '>=', (a, b) => a >= b),
  ordered('lt', '<', (a, b) => a < b),
  ordered('lte', '<=', (a, b) => a <= b),
  between,
]
