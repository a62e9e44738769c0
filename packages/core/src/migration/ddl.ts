import { physicalName } from '../storage/physical-name.ts'
import type { PhysicalColumn, PhysicalForeignKey, PhysicalIndex, PhysicalTable } from '../storage/physical.ts'
import type { Capabilities, SqlDialect } from '../storage/storage.ts'

/** The database that DDL is written for. */
export interface SchemaTarget {
  readonly dialect: Capabilities['dialect']
  readonly sql: SqlDialect
  readonly prefix: string
}

/** The statements that create a table with its indexes. */
export function createTableSql(target: SchemaTarget, table: PhysicalTable): string[] {
  const name = physicalName(target.prefix, table.name)
  const parts = [
    ...table.columns.map((column) => columnSql(target, column)),
    `PRIMARY KEY (${quotedList(table.primaryKey)})`,
    ...table.foreignKeys.map((key) => foreignKeySql(target, table.name, key)),
  ]
  const fullText = table.fullText ? fullTextSql(target, table.name) : null
  if (fullText) parts.unshift(fullText.column)
  return [
    `CREATE TABLE ${quoted(name)} (\n  ${parts.join(',\n  ')}\n)${target.sql.tableSuffix}${fullText?.suffix ?? ''}`,
    ...table.indexes.map((index) => createIndexSql(target, table.name, index)),
    ...(fullText?.statements ?? []),
  ]
}

/** The part of a table by which its rows are found by words. */
interface FullTextSql {
  readonly column: string
  readonly suffix: string
  readonly statements: readonly string[]
}

/**
 * SQLite: an FTS5 table that holds nothing but words by `place`, a number of each row. It takes words as they come:
 * every character of theirs is a token's. PostgreSQL: a column and a GIN index.
 */
function fullTextSql(target: SchemaTarget, table: string): FullTextSql {
  const named = (name: string): string => quoted(physicalName(target.prefix, name))
  if (target.dialect === 'postgres') {
    // New words wait in a list that each search reads. With the default of 4 MB the planner would rather read all rows.
    const index = `CREATE INDEX ${named(`${table}_words_idx`)} ON ${named(table)} USING gin ("words") WITH (gin_pending_list_limit = 256)`
    return { column: '"words" tsvector NOT NULL', suffix: '', statements: [index] }
  }
  const place = { name: `${table}_place_key`, columns: ['tenant_id', 'place'], unique: true }
  const words = `CREATE VIRTUAL TABLE ${named(`${table}_words`)} USING fts5(words, content='', contentless_delete=1, detail='none', tokenize="ascii tokenchars '@._%+-'")`
  return {
    column: '"place" INTEGER NOT NULL',
    suffix: ', WITHOUT ROWID',
    statements: [createIndexSql(target, table, place), words],
  }
}

export function createIndexSql({ prefix }: SchemaTarget, table: string, index: PhysicalIndex): string {
  const kind = index.unique ? 'UNIQUE INDEX' : 'INDEX'
  const on = `${quoted(physicalName(prefix, table))} (${quotedList(index.columns)})`
  return `CREATE ${kind} ${quoted(physicalName(prefix, index.name))} ON ${on}${index.where ? ` WHERE ${index.where}` : ''}`
}

/** A column as it stands in `CREATE TABLE` and `ADD COLUMN`. */
export function columnSql(target: SchemaTarget, column: PhysicalColumn): string {
  const byDefault = defaultSql(target, column)
  const type = `${quoted(column.name)} ${target.sql.columnType(column.type)}`
  return `${type}${column.nullable ? '' : ' NOT NULL'}${byDefault === null ? '' : ` DEFAULT ${byDefault}`}`
}

export function foreignKeySql({ prefix }: SchemaTarget, table: string, key: PhysicalForeignKey): string {
  const name = physicalName(prefix, foreignKeyName(table, key.columns))
  const references = `${quoted(physicalName(prefix, key.table))} (${quotedList(key.references)})`
  return `CONSTRAINT ${quoted(name)} FOREIGN KEY (${quotedList(key.columns)}) REFERENCES ${references} ON DELETE ${key.onDelete.toUpperCase()}`
}

/** Without the prefix, as the names of indexes. */
export function foreignKeyName(table: string, columns: readonly string[]): string {
  return `${table}_${columns.filter((column) => column !== 'tenant_id').join('_')}_fkey`
}

/** An encoded value written out in SQL; DDL takes no parameters. */
export function literal({ dialect }: Pick<SchemaTarget, 'dialect'>, value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (!(value instanceof Uint8Array)) throw new TypeError(`A ${typeof value} cannot be written out in SQL`)
  const hex = Buffer.from(value).toString('hex')
  return dialect === 'sqlite' ? `X'${hex}'` : `'\\x${hex}'::bytea`
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quotedList(names: readonly string[]): string {
  return names.map(quoted).join(', ')
}

function defaultSql(target: SchemaTarget, { type, ...column }: PhysicalColumn): string | null {
  if (column.default === undefined || column.default === null) return null
  // The default of a JSON column is its text already.
  return literal(target, type === 'json' ? column.default : target.sql.encode(type, column.default))
}
