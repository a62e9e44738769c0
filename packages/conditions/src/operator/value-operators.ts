import { expressionBuilder, type Expression } from 'kysely'
import * as z from 'zod'
import { complement } from './complement.ts'
import { isAnyOf } from './any-of.ts'
import type { FieldKind, Operator } from './operator.ts'

const COLUMNS: readonly FieldKind[] = ['text', 'enum', 'integer', 'number', 'amount', 'boolean', 'timestamp']
const LISTED: readonly FieldKind[] = ['text', 'enum', 'integer', 'number', 'amount']

/** The longest list of `in`. */
const MAX_LIST = 1000

const eb = expressionBuilder<any, any>()

/** Equal, case and all. */
const is: Operator = {
  name: 'is',
  kinds: ['text', 'enum', 'integer', 'number', 'amount', 'boolean'],
  input: 'value',
  value: (item) => item,
  compile: (column, value) => eb(column, '=', value),
  complement: (column, value) => eb(column, 'is distinct from', value),
  json: '=',
  evaluate: (actual, value) => actual === value,
}

const isIn: Operator = {
  name: 'in',
  kinds: LISTED,
  input: 'list',
  value: (item) => z.array(item).min(1).max(MAX_LIST),
  compile: (column, value, scope) => isAnyOf(column, value as readonly unknown[], scope),
  evaluate: (actual, value) => (value as unknown[]).includes(actual),
}

const isSet: Operator = {
  name: 'isSet',
  kinds: COLUMNS,
  input: 'none',
  value: () => null,
  compile: (column) => eb(column, 'is not', null),
  evaluate: () => true,
}

/** Of texts; `json-operators.ts` has its like for JSON. */
const isNotEmpty: Operator = {
  name: 'isNotEmpty',
  kinds: ['text'],
  input: 'none',
  value: () => null,
  compile: (column) => eb(column, '<>', ''),
  evaluate: (actual) => actual !== '',
}

/** Equal to another field of the customer; neither may be missing. */
const sameAs: Operator = {
  name: 'sameAs',
  kinds: COLUMNS,
  input: 'field',
  withField: true,
  value: () => z.string(),
  compile: (column, other) => eb(column, '=', other as Expression<unknown>),
  complement: (column, other) =>
    eb.or([
      eb(column, 'is distinct from', other as Expression<unknown>),
      eb(column, 'is', null),
      eb(other as Expression<unknown>, 'is', null),
    ]),
  evaluate: (actual, other) => actual === other,
}

/** Operators about the value itself. */
export const valueOperators: readonly Operator[] = [
  is,
  complement('isNot', is),
  isIn,
  complement('notIn', isIn),
  isSet,
  complement('isNotSet', isSet),
  isNotEmpty,
  complement('isEmpty', isNotEmpty),
]

/** Operators that compare two fields of one row. */
export const fieldOperators: readonly Operator[] = [sameAs, complement('notSameAs', sameAs)]
