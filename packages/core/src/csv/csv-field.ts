import type { AnyColumn, ColumnKind, ColumnSpec } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'

/**
 * One column of a CSV file of an entity's rows. Money takes two: `price` is the amount as people write it (`19.99`),
 * `priceCurrency` its currency; all other columns take one.
 */
export interface CsvField {
  /** As the header says it; the property of the row, `metrics.totalSpend` for an extension's. */
  readonly name: string
  /** The row's own property: `price` for both fields of a price. */
  readonly column: string
  readonly kind: ColumnKind
  readonly part: 'whole' | 'amount' | 'currency'
  /** The values of an enum. */
  readonly allowed?: readonly string[]
  /** A row cannot be made without it. */
  readonly required: boolean
  /** False for what the framework stamps: version and times. */
  readonly writable: boolean
}

/** Every field of an entity's rows in the order of a file: id, own columns, source and external id, stamps. */
export function csvFields({ columns, options }: AnyEntity): readonly CsvField[] {
  return [
    plain('id', 'id', true),
    ...Object.entries(columns).flatMap(([name, column]) => fieldsOfColumn(name, column)),
    ...(options.importable ? [plain('source', 'text', true), plain('externalId', 'text', true)] : []),
    plain('version', 'integer', false),
    plain('createdAt', 'timestamp', false),
    plain('updatedAt', 'timestamp', false),
    ...(options.softDelete ? [plain('deletedAt', 'timestamp', false)] : []),
  ]
}

/** The field of a column, or the two of a money column. `prefix` stands before an extension's: `metrics.`. */
export function fieldsOfColumn(column: string, { spec }: AnyColumn, prefix = ''): readonly CsvField[] {
  const allowed = allowedOf(spec)
  const field: CsvField = {
    name: prefix + column,
    column,
    kind: spec.kind,
    part: 'whole',
    ...(allowed ? { allowed } : {}),
    required: !spec.nullable && !spec.default,
    writable: true,
  }
  if (spec.kind !== 'money') return [field]
  return [
    { ...field, part: 'amount' },
    { ...field, name: `${field.name}Currency`, part: 'currency' },
  ]
}

function plain(name: string, kind: ColumnKind, writable: boolean): CsvField {
  return { name, column: name, kind, part: 'whole', required: false, writable }
}

function allowedOf({ kind, schema }: ColumnSpec): readonly string[] | undefined {
  return kind === 'enum' ? (schema as unknown as { readonly options: readonly string[] }).options : undefined
}
