import { camelCase, type SqlType, type StorageHost } from '@clientele/core'
import { decodersOf, decodeValues, isSqlType } from './decode.ts'

/** What a statement's result columns become, worked out once per statement. */
export interface RowPlan {
  /** Property names. */
  readonly names: readonly string[]
  readonly types: readonly (SqlType | null)[]
  readonly decoders: ReturnType<typeof decodersOf>
}

/** A result column as better-sqlite3 describes it: where it comes from, null for an expression. */
interface ResultColumn {
  readonly name: string
  readonly table: string | null
  readonly column: string | null
}

/**
 * The type of a column is the one its name asks for (`total::integer`), else that of the table's column it comes
 * from: SQLite traces it through joins, sub-queries, unions and RETURNING.
 */
export function planRows(columns: readonly ResultColumn[], columnType: StorageHost['columnType']): RowPlan {
  const names: string[] = []
  const types: (SqlType | null)[] = []
  for (const { name, table, column } of columns) {
    const asked = askedType(name)
    names.push(camelCase(asked ? name.slice(0, name.lastIndexOf('::')) : name))
    types.push(asked ?? (table && column ? (columnType(table, column) ?? null) : null))
  }
  return { names, types, decoders: decodersOf(types) }
}

/** Makes the row that callers see; `values` are overwritten. */
export function decodeRow(plan: RowPlan, values: unknown[]): Record<string, unknown> {
  return nameValues(plan.names, decodeValues(plan.decoders, values))
}

export function nameValues(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i++) row[names[i]!] = values[i]
  return row
}

function askedType(name: string): SqlType | null {
  const at = name.lastIndexOf('::')
  const type = at < 0 ? '' : name.slice(at + 2)
  return isSqlType(type) ? type : null
}
