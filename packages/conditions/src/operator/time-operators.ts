import { toTimestamp, type Timestamp } from '@clientele/core'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import type { Environment } from '../condition-type.ts'
import { complement } from './complement.ts'
import type { FieldKind, Operator } from './operator.ts'

const TIMES: readonly FieldKind[] = ['timestamp']

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const

/** A length of rolling time: a day is 24 hours, wherever the customer lives. */
const length = z.strictObject({
  amount: z.number().int().min(1).max(1_000_000),
  unit: z.enum(['minute', 'hour', 'day', 'week']),
})
type Length = z.infer<typeof length>

const eb = expressionBuilder<any, any>()

const before: Operator = {
  name: 'before',
  kinds: TIMES,
  value: (item) => item,
  compile: (column, value) => eb(column, '<', value),
  evaluate: (actual, value) => (actual as Timestamp) < (value as Timestamp),
}

/** The instant itself belongs to it, so that `before` and `after` leave nothing out. */
const after: Operator = {
  name: 'after',
  kinds: TIMES,
  value: (item) => item,
  compile: (column, value) => eb(column, '>=', value),
  evaluate: (actual, value) => (actual as Timestamp) >= (value as Timestamp),
}

/** From the first instant (included) to the second (left out). */
const betweenInstants: Operator = {
  name: 'between',
  kinds: TIMES,
  value: (item) => z.tuple([item, item]),
  compile(column, value) {
    const [from, to] = value as [Timestamp, Timestamp]
    return eb.and([eb(column, '>=', from), eb(column, '<', to)])
  },
  evaluate(actual, value) {
    const [from, to] = value as [Timestamp, Timestamp]
    return (actual as Timestamp) >= from && (actual as Timestamp) < to
  },
}

/** Within the rolling window that ends now; the future is not in it. */
const inLast: Operator = {
  name: 'inLast',
  kinds: TIMES,
  value: () => length,
  compile(column, value, scope) {
    return eb.and([
      eb(column, '>=', windowStart(value as Length, scope)),
      eb(column, '<=', toTimestamp(scope.now)),
    ])
  },
  evaluate(actual, value, environment) {
    const at = actual as Timestamp
    return at >= windowStart(value as Length, environment) && at <= toTimestamp(environment.now)
  },
}

/** Before the rolling window that ends now began. */
const olderThan: Operator = {
  name: 'olderThan',
  kinds: TIMES,
  value: () => length,
  compile: (column, value, scope) => eb(column, '<', windowStart(value as Length, scope)),
  evaluate: (actual, value, environment) => (actual as Timestamp) < windowStart(value as Length, environment),
}

/** Operators about instants. */
export const timeOperators: readonly Operator[] = [
  before,
  after,
  betweenInstants,
  inLast,
  complement('notInLast', inLast),
  olderThan,
]

function windowStart({ amount, unit }: Length, { now }: Environment): Timestamp {
  return toTimestamp(Math.max(now - amount * UNITS[unit], 0))
}
