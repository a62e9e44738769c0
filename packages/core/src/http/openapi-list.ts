import type * as z from 'zod'
import { listFields, type ListField } from './list-fields.ts'
import { LIST_LIMITS } from './list-protocol.ts'
import type { FilterOperator, ListQuerySchema } from './list-query.ts'
import type { JsonSchema, NamedSchemas } from './openapi-schemas.ts'

interface Parameter {
  readonly name: string
  readonly in: 'query'
  readonly required: false
  readonly description?: string
  readonly schema: JsonSchema
}

const WORDS: Readonly<Record<FilterOperator, string>> = {
  eq: 'Equal to',
  ne: 'Not equal to',
  in: 'One of, separated by commas',
  gt: 'Greater than',
  gte: 'At least',
  lt: 'Less than',
  lte: 'At most',
  contains: 'Contains, upper and lower case of A to Z alike',
  startsWith: 'Starts with, upper and lower case of A to Z alike',
  isNull: 'Has no value (true) or has one (false)',
}

/** The query parameters of a list: every filter with its operators, then sort, paging and counting. */
export function listParameters(schema: ListQuerySchema, schemas: NamedSchemas): Parameter[] {
  const fields = [...listFields(schema.list.entity, schema.list.extensions).values()]
  const sortable = fields.filter((field) => field.sortable).map((field) => field.name)
  const isSearchable = Object.values(schema.list.entity.columns).some(({ spec }) => spec.searchable)
  return [
    ...fields.filter((field) => field.filterable).flatMap((field) => filterParameters(field, schemas)),
    parameter('sort', `Columns separated by commas, "-" before one for descending: ${sortable.join(', ')}`, {
      type: 'string',
      examples: ['-createdAt'],
    }),
    ...(isSearchable ? [SEARCH] : []),
    ...(schema.list.paged === false ? [] : PAGING),
    ...extraParameters(schema, schemas),
  ]
}

const SEARCH = parameter('q', 'Words that a row must have, the last as a beginning', {
  type: 'string',
  maxLength: LIST_LIMITS.text,
})

const PAGING: readonly Parameter[] = [
  parameter('limit', 'Items on a page', {
    type: 'integer',
    minimum: 1,
    maximum: LIST_LIMITS.limit,
    default: LIST_LIMITS.defaultLimit,
  }),
  parameter('cursor', 'nextCursor of the page before', { type: 'string' }),
  parameter('skip', 'Items to leave out, instead of a cursor', {
    type: 'integer',
    minimum: 0,
    maximum: LIST_LIMITS.skip,
  }),
  parameter('count', `Adds "total"; an estimate stops at ${LIST_LIMITS.skip.toLocaleString('en')}`, {
    type: 'string',
    enum: ['exact', 'estimate'],
  }),
]

function filterParameters(field: ListField, schemas: NamedSchemas): Parameter[] {
  return field.operators.map((operator) =>
    parameter(
      operator === 'eq' ? field.name : `${field.name}.${operator}`,
      field.description === undefined ? WORDS[operator] : `${WORDS[operator]}: ${field.description}`,
      valueSchema(field, operator, schemas),
    ),
  )
}

function valueSchema(
  { kind, schema }: ListField,
  operator: FilterOperator,
  schemas: NamedSchemas,
): JsonSchema {
  if (operator === 'isNull') return { type: 'boolean' }
  if (operator === 'in' || operator === 'contains' || operator === 'startsWith') return { type: 'string' }
  if (kind === 'id' || kind === 'ref') return { type: 'string', format: 'uuid' }
  if (kind === 'timestamp') return { type: 'string', format: 'date-time' }
  if (kind === 'money') return { type: 'integer', description: 'Minor units' }
  const described = schemas.input(schema)
  return Object.keys(described).length > 0 ? described : { type: 'string' }
}

function extraParameters({ list }: ListQuerySchema, schemas: NamedSchemas): Parameter[] {
  const extra: z.ZodObject | undefined = list.extra
  return Object.entries(extra?.shape ?? {}).map(([name, schema]) =>
    parameter(name, (schema as z.ZodType).description, schemas.input(schema as z.ZodType)),
  )
}

function parameter(name: string, description: string | undefined, schema: JsonSchema): Parameter {
  return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema }
}
