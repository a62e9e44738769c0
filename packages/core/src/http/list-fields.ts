import * as z from 'zod'
import { timestampSchema, uuidSchema, type ColumnKind, type ColumnSpec } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { FilterOperator } from './list-query.ts'

/** A name that lists understand: `status`, `metrics.totalSpend`. */
export interface ListField {
  readonly name: string
  readonly kind: ColumnKind
  /** Validates one value; for money that is the amount in minor units. */
  readonly schema: z.ZodType
  readonly operators: readonly FilterOperator[]
  readonly filterable: boolean
  readonly sortable: boolean
  readonly description?: string
}

const EQUALITY: readonly FilterOperator[] = ['eq', 'ne', 'in']
const ORDER: readonly FilterOperator[] = ['gt', 'gte', 'lt', 'lte']

const OPERATORS: Readonly<Record<ColumnKind, readonly FilterOperator[]>> = {
  id: EQUALITY,
  ref: EQUALITY,
  text: [...EQUALITY, 'contains', 'startsWith'],
  enum: EQUALITY,
  integer: [...EQUALITY, ...ORDER],
  real: [...EQUALITY, ...ORDER],
  money: [...EQUALITY, ...ORDER],
  timestamp: [...EQUALITY, ...ORDER],
  boolean: ['eq', 'ne'],
  json: [],
  secret: [],
}

/** What lists of an entity may be filtered and sorted by, by name. */
export function listFields(
  entity: AnyEntity,
  extensions: readonly AnyEntity[] = [],
): ReadonlyMap<string, ListField> {
  const fields = new Map<string, ListField>()
  const add = (field: ListField): void => void (field.operators.length > 0 && fields.set(field.name, field))
  add(plain('id', 'id', uuidSchema))
  for (const [property, { spec }] of Object.entries(entity.columns)) add(fieldOf(property, spec))
  if (entity.options.importable) {
    const text = z.string().max(200)
    add({ ...plain('source', 'text', text, true), sortable: false })
    add({ ...plain('externalId', 'text', text, true), sortable: false })
  }
  add(plain('createdAt', 'timestamp', timestampSchema))
  add(plain('updatedAt', 'timestamp', timestampSchema))
  for (const extension of extensions) {
    const prefix = extension.extension?.as ?? extension.name
    for (const [property, { spec }] of Object.entries(extension.columns))
      add(fieldOf(`${prefix}.${property}`, spec))
  }
  return fields
}

const AMOUNT = z.int()

function plain(name: string, kind: ColumnKind, schema: z.ZodType, nullable = false): ListField {
  return { name, kind, schema, operators: operatorsOf(kind, nullable), filterable: true, sortable: true }
}

function fieldOf(name: string, spec: ColumnSpec): ListField {
  return {
    name,
    kind: spec.kind,
    schema: spec.kind === 'money' ? AMOUNT : spec.schema,
    operators: operatorsOf(spec.kind, spec.nullable),
    filterable: spec.filterable,
    sortable: spec.sortable,
    ...(spec.description === undefined ? {} : { description: spec.description }),
  }
}

function operatorsOf(kind: ColumnKind, nullable: boolean): readonly FilterOperator[] {
  const operators = OPERATORS[kind]
  return nullable && kind !== 'secret' ? [...operators, 'isNull'] : operators
}
