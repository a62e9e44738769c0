import { fromTimestamp, timestampSchema, toTimestamp, type AnyEntity, type ColumnSpec } from '@clientele/core'
import * as z from 'zod'
import type { Environment } from '../condition-type.ts'
import type { FieldKind } from '../operator/operator.ts'

/** A column that conditions may compare. */
export interface Field {
  /** As the leaf writes it: the column's property. */
  readonly name: string
  readonly kind: FieldKind
  readonly entity: AnyEntity
  readonly nullable: boolean
  /** The closed set of an enum. */
  readonly values?: readonly string[]
}

const KINDS: Partial<Readonly<Record<ColumnSpec['kind'], FieldKind>>> = {
  text: 'text',
  enum: 'enum',
  integer: 'integer',
  real: 'number',
  boolean: 'boolean',
  timestamp: 'timestamp',
}

/** The segmentable columns of an entity that can be compared, and its `createdAt`. */
export function fieldsOf(entity: AnyEntity): readonly Field[] {
  const own = Object.entries(entity.columns).flatMap(([name, { spec }]): Field[] => {
    const kind = spec.unit === 'amount' ? 'amount' : KINDS[spec.kind]
    if (!spec.segmentable || !kind) return []
    const values = spec.kind === 'enum' ? (spec.schema as z.ZodEnum).options.map(String) : undefined
    return [{ name, kind, entity, nullable: spec.nullable, ...(values ? { values } : {}) }]
  })
  if (entity.extension) return own
  return [...own, { name: 'createdAt', kind: 'timestamp', entity, nullable: false }]
}

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO-8601 instant with a zone, such as 2026-01-31T09:30:00Z' })
  .refine((value) => timestampSchema.safeParse(value).success, 'expected an instant in the years 1 to 9999')

/** What one value of a kind must be. */
export function valueSchema(kind: FieldKind, values?: readonly string[]): z.ZodType {
  if (kind === 'enum' && values) return z.enum(values as [string, ...string[]])
  if (kind === 'boolean') return z.boolean()
  if (kind === 'integer') return z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)
  if (kind === 'number') return z.number()
  if (kind === 'amount') return z.number().min(-1e12).max(1e12)
  if (kind === 'timestamp') return instant
  // PostgreSQL has no text with a NUL character, so nothing can be equal to one.
  return z
    .string()
    .max(1000)
    .regex(/^[^\0]*$/, 'must not contain a NUL character')
}

/** A leaf's value as it is stored: instants normalised to UTC, money in minor units. */
export function storedValue(kind: FieldKind, value: unknown, environment: Environment): unknown {
  if (Array.isArray(value)) return value.map((one) => storedValue(kind, one, environment))
  if (kind === 'timestamp' && typeof value === 'string') return toTimestamp(fromTimestamp(value))
  if (kind === 'amount' && typeof value === 'number')
    return Math.round(value * 10 ** environment.currencyDigits)
  return value
}
