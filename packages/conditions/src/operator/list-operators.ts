import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import type { SqlScope } from '../sql-scope.ts'
import { storableText } from '../field/storable-text.ts'
import { complement } from './complement.ts'
import { compileCount, countSchema, holdsCount, type Count } from './count.ts'
import type { Operator } from './operator.ts'

type Scalar = string | number | boolean

const eb = expressionBuilder<any, any>()

const scalar: z.ZodType<Scalar> = z.union([storableText(1000), z.number(), z.boolean()], {
  error: 'expected a text of at most 1,000 characters, a number or a boolean',
})
const scalars: z.ZodType<readonly Scalar[]> = z.array(scalar).min(1).max(100)

const list = { kinds: ['array'], costly: true } as const

/** Has an element that is equal, type and all. */
const includes: Operator = {
  ...list,
  name: 'includes',
  input: 'scalar',
  value: () => scalar,
  compile: (column, value, scope) => hasAny(column, [value as Scalar], scope),
  evaluate: (actual, value) => (actual as readonly unknown[]).includes(value),
}

const includesAny: Operator = {
  ...list,
  name: 'includesAny',
  input: 'scalars',
  value: () => scalars,
  compile: (column, values, scope) => hasAny(column, values as readonly Scalar[], scope),
  evaluate: (actual, values) =>
    (values as readonly Scalar[]).some((value) => (actual as readonly unknown[]).includes(value)),
}

const includesAll: Operator = {
  ...list,
  name: 'includesAll',
  input: 'scalars',
  value: () => scalars,
  compile: (column, values, scope) =>
    eb.and((values as readonly Scalar[]).map((value) => hasAny(column, [value], scope))),
  evaluate: (actual, values) =>
    (values as readonly Scalar[]).every((value) => (actual as readonly unknown[]).includes(value)),
}

/** A list all of whose elements are among these; so is the empty one. */
const subsetOf: Operator = {
  ...list,
  name: 'subsetOf',
  input: 'scalars',
  value: () => scalars,
  compile: (column, values, scope) =>
    eb.and([
      eb(scope.sql.jsonLength(column, []), 'is not', null),
      eb.not(
        scope.sql.anyElement(column, [], (element) =>
          // What an element of another type answers is no truth value.
          eb.not(
            eb.fn.coalesce(isAmong(element, values as readonly Scalar[], scope) as never, eb.lit(false)),
          ),
        ),
      ),
    ]),
  evaluate: (actual, values) =>
    (actual as readonly unknown[]).every((element) => (values as readonly unknown[]).includes(element)),
}

/** How many elements the list has. */
const size: Operator = {
  ...list,
  name: 'size',
  input: 'count',
  value: () => countSchema,
  compile: (column, value, scope) => compileCount(scope.sql.jsonLength(column, []), value as Count),
  evaluate: (actual, value) => holdsCount((actual as readonly unknown[]).length, value as Count),
}

/** Operators about lists in JSON. */
export const listOperators: readonly Operator[] = [
  includes,
  complement('notIncludes', includes),
  includesAny,
  complement('includesNone', includesAny),
  includesAll,
  complement('notIncludesAll', includesAll),
  subsetOf,
  complement('notSubsetOf', subsetOf),
  size,
]

function hasAny(
  column: Expression<unknown>,
  values: readonly Scalar[],
  scope: SqlScope,
): Expression<SqlBool> {
  return scope.sql.anyElement(column, [], (element) => isAmong(element, values, scope))
}

function isAmong(
  element: Expression<unknown>,
  values: readonly Scalar[],
  { sql }: SqlScope,
): Expression<SqlBool> {
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.filter((value) => typeof value === 'number')
  const booleans = values.filter((value) => typeof value === 'boolean')
  return eb.or([
    ...(texts.length > 0 ? [eb(sql.json(element, [], 'text'), 'in', texts)] : []),
    ...(numbers.length > 0 ? [eb(sql.json(element, [], 'number'), 'in', numbers)] : []),
    ...booleans.map((value) => sql.jsonCompare(element, [], '=', value) as Expression<any>),
  ])
}
