import { expressionBuilder, sql, type SqlBool } from 'kysely'
import * as z from 'zod'
import { complement } from './complement.ts'
import type { Operator } from './operator.ts'

const eb = expressionBuilder<any, any>()

/** What a value in JSON can be; JSON null is as good as missing. */
export const JSON_TYPES = ['text', 'number', 'boolean', 'array', 'object'] as const
export type JsonType = (typeof JSON_TYPES)[number]

/** Of any type but JSON null. */
const isSet: Operator = {
  name: 'isSet',
  kinds: ['json'],
  input: 'none',
  value: () => null,
  compile: (column, _, scope) =>
    sql<SqlBool>`(nullif(${scope.sql.jsonType(column, [])}, 'null') is not null)`,
  evaluate: () => true,
}

/** Neither missing nor an empty text nor an empty list. */
const isNotEmpty: Operator = {
  name: 'isNotEmpty',
  kinds: ['json'],
  input: 'none',
  value: () => null,
  compile: (column, _, scope) => sql<SqlBool>`(case ${scope.sql.jsonType(column, [])}
    when 'text' then ${scope.sql.json(column, [], 'text')} <> '' when 'array' then ${scope.sql.jsonLength(column, [])} > 0
    when 'null' then ${eb.lit(false)} else ${scope.sql.jsonType(column, [])} is not null end)`,
  evaluate: (actual) => actual !== '' && !(Array.isArray(actual) && actual.length === 0),
}

const typeIs: Operator = {
  name: 'typeIs',
  kinds: ['json'],
  input: 'jsonType',
  value: () => z.enum(JSON_TYPES),
  compile: (column, value, scope) => eb(scope.sql.jsonType(column, []), '=', value as string),
  evaluate: (actual, value) => jsonTypeOf(actual) === value,
}

/** Operators about values of any type in JSON. */
export const jsonOperators: readonly Operator[] = [
  isSet,
  complement('isNotSet', isSet),
  isNotEmpty,
  complement('isEmpty', isNotEmpty),
  typeIs,
  complement('typeIsNot', typeIs),
]

/** The type of a value out of JSON; undefined for null and for what is missing. */
export function jsonTypeOf(value: unknown): JsonType | undefined {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) return 'array'
  const types: Partial<Record<string, JsonType>> = {
    string: 'text',
    number: 'number',
    boolean: 'boolean',
    object: 'object',
  }
  return types[typeof value]
}
