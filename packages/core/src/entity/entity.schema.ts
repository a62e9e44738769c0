import * as z from 'zod'
import { uuidSchema, type AnyColumns, type ColumnSpec } from './column.ts'
import type { EntityOptions } from './entity.ts'

interface Parts {
  readonly columns: AnyColumns
  readonly options: EntityOptions<any>
}
type Shape = Record<string, z.ZodType>

const instant = z.iso.datetime()
const sourceShape = (): Shape => ({
  source: z.string().min(1).max(100).nullish().describe('The system the row was imported from'),
  externalId: z.string().min(1).max(200).nullish().describe('Its id there'),
})

/** A row on the wire: base columns, own columns without secrets. */
export function rowSchema({ columns, options }: Parts): z.ZodObject {
  const shape: Shape = { id: uuidSchema, version: z.number().int() }
  for (const [name, { spec }] of Object.entries(columns)) {
    if (spec.kind !== 'secret') shape[name] = nullable(spec)
  }
  if (options.importable)
    Object.assign(shape, { source: z.string().nullable(), externalId: z.string().nullable() })
  shape['createdAt'] = instant
  shape['updatedAt'] = instant
  if (options.softDelete) shape['deletedAt'] = instant.nullable()
  return z.object(shape)
}

/** What a create accepts: optional where the column has a default or may be null. */
export function insertSchema({ columns, options }: Parts): z.ZodObject {
  const shape: Shape = { id: uuidSchema.optional() }
  for (const [name, { spec }] of Object.entries(columns)) {
    shape[name] = spec.default || spec.nullable ? nullable(spec).optional() : nullable(spec)
  }
  return z.strictObject(options.importable ? { ...shape, ...sourceShape() } : shape)
}

/** What an update accepts: every column, each optional. */
export function patchSchema({ columns, options }: Parts): z.ZodObject {
  const shape: Shape = {}
  for (const [name, { spec }] of Object.entries(columns)) shape[name] = nullable(spec).optional()
  return z.strictObject(options.importable ? { ...shape, ...sourceShape() } : shape)
}

function nullable(spec: ColumnSpec): z.ZodType {
  const schema = spec.nullable ? spec.schema.nullable() : spec.schema
  return spec.description ? schema.describe(spec.description) : schema
}
