import { fromTimestamp, toTimestamp, type Timestamp } from '@clientele/core'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import type { Environment } from '../condition-type.ts'
import { durationMs, durationSchema, nextEdge, type Duration } from '../window/window.ts'
import { complement } from './complement.ts'
import type { FieldKind, Operator } from './operator.ts'

const TIMES: readonly FieldKind[] = ['timestamp']

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
  value: () => durationSchema,
  compile(column, value, scope) {
    return eb.and([
      eb(column, '>=', windowStart(value as Duration, scope)),
      eb(column, '<=', toTimestamp(scope.now)),
    ])
  },
  evaluate(actual, value, environment) {
    const at = actual as Timestamp
    return at >= windowStart(value as Duration, environment) && at <= toTimestamp(environment.now)
  },
  nextChangeAt: edgeOf,
}

/** Before the rolling window that ends now began. */
const olderThan: Operator = {
  name: 'olderThan',
  kinds: TIMES,
  value: () => durationSchema,
  compile: (column, value, scope) => eb(column, '<', windowStart(value as Duration, scope)),
  evaluate: (actual, value, environment) =>
    (actual as Timestamp) < windowStart(value as Duration, environment),
  nextChangeAt: edgeOf,
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

function windowStart(length: Duration, { now }: Environment): Timestamp {
  return toTimestamp(Math.max(now - durationMs(length), 0))
}

function edgeOf(actual: unknown, value: unknown, environment: Environment): number | null {
  return nextEdge(fromTimestamp(actual as Timestamp), { last: value as Duration }, environment)
}
