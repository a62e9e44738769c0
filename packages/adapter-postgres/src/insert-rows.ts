import type { BulkColumn, Connection, SqlType } from '@clientele/core'
import pg from 'pg'

/** Rows per statement: larger ones gain nothing and hold their text in memory. */
const CHUNK = 5000

const ARRAY_TYPES: Readonly<Record<SqlType, string>> = {
  uuid: 'uuid',
  text: 'text',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  json: 'text',
  bytes: 'bytea',
}

/** Inserts rows as one array per column: the text of the statement does not depend on their number. */
export async function insertChunks(
  connection: Pick<Connection, 'execute'>,
  table: string,
  columns: readonly BulkColumn[],
  rows: readonly (readonly unknown[])[],
): Promise<number> {
  const sql = insertText(table, columns)
  let inserted = 0
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK)
    const parameters = columns.map(({ type }, index) => arrayLiteral(type, chunk, index))
    inserted += (await connection.execute({ sql, parameters })).affected
  }
  return inserted
}

function insertText(table: string, columns: readonly BulkColumn[]): string {
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  const values = columns.map(
    ({ name, type }) => `u.${pg.escapeIdentifier(name)}${type === 'json' ? '::jsonb' : ''}`,
  )
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${ARRAY_TYPES[type]}[]`)
  return `insert into ${pg.escapeIdentifier(table)} (${names}) select ${values.join(', ')} from unnest(${arrays.join(', ')}) as u(${names})`
}

/** One column of the rows as PostgreSQL's array text. */
function arrayLiteral(type: SqlType, rows: readonly (readonly unknown[])[], index: number): string {
  const write = type === 'text' || type === 'json' ? quote : type === 'bytes' ? hex : String
  let literal = '{'
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![index]
    if (i > 0) literal += ','
    literal += value === null || value === undefined ? 'NULL' : write(value)
  }
  return `${literal}}`
}

function quote(value: unknown): string {
  const text = String(value)
  return /["\\]/.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`
}

function hex(value: unknown): string {
  return `"\\\\x${(value as Buffer).toString('hex')}"`
}
