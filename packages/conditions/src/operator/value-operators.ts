import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { complement } from './complement.ts'
import type { FieldKind, Operator } from './operator.ts'

const ALL: readonly FieldKind[] = ['text', 'enum', 'integer', 'number', 'amount', 'boolean', 'timestamp']
const LISTED: readonly FieldKind[] = ['text', 'enum', 'integer', 'number', 'amount']

/** The longest list of `in`. */
const MAX_LIST = 1000

const eb = expressionBuilder<any, any>()

/** Equal, case and all. */
const is: Operator = {
  name: 'is',
  kinds: ['text', 'enum', 'integer', 'number', 'amount', 'boolean'],
  value: (item) => item,
  compile: (column, value) => eb(column, '=', value),
  complement: (column, value) => eb(column, 'is distinct from', value),
  json: '=',
  evaluate: (actual, value) => actual === value,
}

const isIn: Operator = {
  name: 'in',
  kinds: LISTED,
  value: (item) => z.array(item).min(1).max(MAX_LIST),
  compile: (column, value) => eb(column, 'in', value as unknown[]),
  evaluate: (actual, value) => (value as unknown[]).includes(actual),
}

const isSet: Operator = {
  name: 'isSet',
  kinds: ALL,
  value: () => null,
  compile: (column) => eb(column, 'is not', null),
  evaluate: () => true,
}

/** Operators about the value itself. */
export const valueOperators: readonly Operator[] = [
  is,
  complement('isNot', is),
  isIn,
  complement('notIn', isIn),
  isSet,
  complement('isNotSet', isSet),
]
