import { snakeCase } from '../sql/names.ts'
import type { AnyColumns, ColumnSpec, ReferenceSpec } from '../entity/column.ts'
import type { EntityOptions, ExtensionSpec } from '../entity/entity.ts'

/** The types a physical column can have; an adapter maps each to its DDL and codec. */
export type SqlType = 'uuid' | 'text' | 'integer' | 'real' | 'boolean' | 'timestamp' | 'json' | 'bytes'

/** A column as the database has it. */
export interface PhysicalColumn {
  /** snake_case. */
  readonly name: string
  /** The property a query sees. */
  readonly property: string
  readonly type: SqlType
  readonly nullable: boolean
  /** A constant default in the database, so that a column can be added to rows that exist. */
  readonly default?: string | number | boolean | null
}

/** A column that is never null, of a table written by hand: what no entity's columns say. */
export function plainColumn(name: string, property: string, type: SqlType): PhysicalColumn {
  return { name, property, type, nullable: false }
}

/** An index as the database has it; names without the prefix. */
export interface PhysicalIndex {
  /** Physical name without the prefix. */
  readonly name: string
  readonly columns: readonly string[]
  readonly unique: boolean
  /** A predicate over physical names, the same on every database. */
  readonly where?: string
}

/** A foreign key as the database has it; names without the prefix. */
export interface PhysicalForeignKey {
  readonly columns: readonly string[]
  /** Physical name without the prefix. */
  readonly table: string
  readonly references: readonly string[]
  readonly onDelete: 'cascade' | 'restrict'
}

/** A table, the same for every database; names without the prefix. Equal entities give equal tables. */
export interface PhysicalTable {
  readonly name: string
  readonly tenancy: 'tenant' | 'global'
  readonly columns: readonly PhysicalColumn[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly PhysicalIndex[]
  readonly foreignKeys: readonly PhysicalForeignKey[]
  /** Its rows are found by words; see `fullTextSql`. */
  readonly fullText?: true
}

/** The part of an entity that its table depends on; a migration writes it down as it was then. */
export interface TableDefinition {
  readonly name: string
  readonly columns: AnyColumns
  readonly options?: EntityOptions<any>
  readonly extension?: ExtensionSpec
  /** The table, where it is not derived from the columns: the core's own tables without the columns of every entity. */
  readonly table?: PhysicalTable
}

const SQL_TYPES: Readonly<Record<ColumnSpec['kind'], SqlType>> = {
  id: 'uuid',
  ref: 'uuid',
  text: 'text',
  enum: 'text',
  integer: 'integer',
  real: 'real',
  boolean: 'boolean',
  timestamp: 'timestamp',
  json: 'json',
  money: 'integer',
  secret: 'bytes',
}

/** The table of an entity. `tenant_id` stands first in every key and index of a tenant entity. */
export function physicalTable(definition: TableDefinition): PhysicalTable {
  if (definition.table) return definition.table
  const options = definition.options ?? {}
  const tenancy = isGlobal(options) ? 'global' : 'tenant'
  const lead = tenancy === 'tenant' ? ['tenant_id'] : []
  const name = snakeCase(definition.name)
  const live = options.softDelete ? 'deleted_at IS NULL' : undefined
  const indexes = new Map<string, PhysicalIndex>()
  const addIndex = (properties: readonly string[], unique: boolean, where?: string): void => {
    const index = physicalIndex(name, { lead, properties, unique, where })
    indexes.set(index.name, index)
  }
  const foreignKeys: PhysicalForeignKey[] = []
  for (const [property, { spec }] of Object.entries(definition.columns)) {
    if (spec.unique) addIndex([property], true, live)
    else if (spec.indexed && !leadsAnIndex(property, options)) addIndex([property], false)
    if (spec.reference) foreignKeys.push(physicalForeignKey(property, spec.reference, tenancy))
  }
  if (options.importable) addIndex(['source', 'externalId'], true)
  for (const { on, unique = false, where } of options.indexes ?? []) {
    const predicates = [where, unique ? live : undefined].filter((one) => one !== undefined)
    addIndex(on, unique, predicates.join(' AND '))
  }
  if (definition.extension) {
    foreignKeys.push({
      columns: [...lead, 'id'],
      table: snakeCase(definition.extension.base.name),
      references: [...lead, 'id'],
      onDelete: 'cascade',
    })
  }
  return {
    name,
    tenancy,
    columns: physicalColumns(definition.columns, options),
    primaryKey: [...lead, 'id'],
    indexes: [...indexes.values()],
    foreignKeys,
  }
}

/** An index and its name, which follows from table and columns. */
export function physicalIndex(
  table: string,
  index: {
    /** Physical columns that stand first and are no part of the name. */
    readonly lead: readonly string[]
    readonly properties: readonly string[]
    readonly unique: boolean
    readonly where?: string | undefined
  },
): PhysicalIndex {
  const columns = index.properties.map(snakeCase)
  return {
    name: `${table}_${columns.join('_')}_${index.unique ? 'key' : 'idx'}`,
    columns: [...index.lead, ...columns],
    unique: index.unique,
    ...(index.where ? { where: index.where } : {}),
  }
}

/** The key of a reference; it holds within the tenant when both tables have one. */
export function physicalForeignKey(
  property: string,
  reference: ReferenceSpec,
  tenancy: PhysicalTable['tenancy'],
): PhysicalForeignKey {
  const target = reference.target()
  const shared = tenancy === 'tenant' && !isGlobal(target.options) ? ['tenant_id'] : []
  return {
    columns: [...shared, snakeCase(property)],
    table: snakeCase(target.name),
    references: [...shared, 'id'],
    onDelete: reference.onDelete ?? 'restrict',
  }
}

/** True when the entity is shared by all tenants. */
export function isGlobal(options: EntityOptions<any>): boolean {
  return typeof options.tenancy === 'object'
}

/** A declared index that begins with the column serves it as well; a second one would only cost writes. */
function leadsAnIndex(property: string, { indexes = [], softDelete }: EntityOptions<any>): boolean {
  return indexes.some(({ on, unique, where }) => on[0] === property && !where && !(unique && softDelete))
}

function physicalColumns(columns: AnyColumns, options: EntityOptions<any>): PhysicalColumn[] {
  const plain = (property: string, type: SqlType, nullable = false): PhysicalColumn => ({
    name: snakeCase(property),
    property,
    type,
    nullable,
  })
  return [
    ...(isGlobal(options) ? [] : [plain('tenantId', 'text')]),
    plain('id', 'uuid'),
    ...Object.entries(columns).flatMap(([property, { spec }]) => columnsOf(property, spec)),
    ...(options.importable ? [plain('source', 'text', true), plain('externalId', 'text', true)] : []),
    plain('version', 'integer'),
    plain('createdAt', 'timestamp'),
    plain('updatedAt', 'timestamp'),
    ...(options.softDelete ? [plain('deletedAt', 'timestamp', true)] : []),
  ]
}

/** The physical columns of one column: two for money, one for all others. */
export function columnsOf(property: string, spec: ColumnSpec): PhysicalColumn[] {
  const column: PhysicalColumn = {
    name: snakeCase(property),
    property,
    type: SQL_TYPES[spec.kind],
    nullable: spec.nullable,
    ...constantDefault(spec),
  }
  if (spec.kind !== 'money') return [column]
  return [
    column,
    {
      name: `${column.name}_currency`,
      property: `${property}Currency`,
      type: 'text',
      nullable: spec.nullable,
    },
  ]
}

function constantDefault(spec: ColumnSpec): Pick<PhysicalColumn, 'default'> {
  if (!spec.default || !('value' in spec.default)) return {}
  const { value } = spec.default
  if (spec.kind === 'json') return { default: JSON.stringify(value) }
  const constant = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return constant && spec.kind !== 'money' && spec.kind !== 'timestamp' ? { default: value } : {}
}
