import type { AnyEntity, ColumnSpec } from '@clientele/core'
import * as z from 'zod'
import type { Environment } from '../environment.ts'
import type { FieldKind } from '../operator/operator.ts'
import { momentSchema } from '../time/moment.ts'
import { storableText } from './storable-text.ts'

/** A column that conditions may compare. */
export interface Field {
  /** As the leaf writes it: the column's property. */
  readonly name: string
  readonly kind: FieldKind
  readonly entity: AnyEntity
  readonly nullable: boolean
  /** A text that its schema makes a date or an instant: operators about dates apply as well. @default false */
  readonly isDate?: boolean
  /** The closed set of an enum. */
  readonly values?: readonly string[]
  /** Of a text: what writers make of a value, such as a code of a country's name. */
  readonly schema?: z.ZodType
}

const KINDS: Partial<Readonly<Record<ColumnSpec['kind'], FieldKind>>> = {
  text: 'text',
  enum: 'enum',
  integer: 'integer',
  real: 'number',
  boolean: 'boolean',
  timestamp: 'timestamp',
  json: 'json',
}

/** The segmentable columns of an entity that can be compared, and its `createdAt`. */
export function fieldsOf(entity: AnyEntity): readonly Field[] {
  const own = Object.entries(entity.columns).flatMap(([name, { spec }]): Field[] => {
    const kind = spec.unit === 'amount' ? 'amount' : KINDS[spec.kind]
    if (!spec.segmentable || !kind) return []
    const values = spec.kind === 'enum' ? (spec.schema as z.ZodEnum).options.map(String) : undefined
    const isDate = kind === 'text' && isDateSchema(spec.schema)
    return [
      {
        name,
        kind,
        entity,
        nullable: spec.nullable,
        ...(isDate && { isDate }),
        ...(values ? { values } : {}),
        ...(kind === 'text' && { schema: spec.schema }),
      },
    ]
  })
  if (entity.extension) return own
  return [...own, { name: 'createdAt', kind: 'timestamp', entity, nullable: false }]
}

function isDateSchema(schema: z.ZodType): boolean {
  const { format } = schema as { readonly format?: string | null }
  return format === 'date' || format === 'datetime'
}

/** What one value of a kind must be. */
export function valueSchema(kind: FieldKind, values?: readonly string[]): z.ZodType {
  if (kind === 'enum' && values) return z.enum(values as [string, ...string[]])
  if (kind === 'boolean') return z.boolean()
  if (kind === 'integer') return z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)
  if (kind === 'number') return z.number()
  if (kind === 'amount') return z.number().min(-1e12).max(1e12)
  if (kind === 'timestamp' || kind === 'date') return momentSchema
  return storableText(1000)
}

/** A text as writers store it; one that no writer would store stays what it is. */
export function writtenText({ schema }: Field, text: unknown): unknown {
  const parsed = typeof text === 'string' ? schema?.safeParse(text) : undefined
  return parsed?.success && typeof parsed.data === 'string' ? parsed.data : text
}

/** A leaf's value as it is stored: money in minor units. */
export function storedValue(kind: FieldKind, value: unknown, environment: Environment): unknown {
  if (Array.isArray(value)) return value.map((one) => storedValue(kind, one, environment))
  if (kind === 'amount' && typeof value === 'number')
    return Math.round(value * 10 ** environment.currencyDigits)
  return value
}
