import type { Statement } from '@clientele/core'

const ROWS_PER_STATEMENT = 100
const MAX_PARAMETERS = 32_766

/** Texts by table, columns and number of rows: a table has few, and building one costs more than running it. */
const texts = new Map<string, string>()

/**
 * Statements that insert rows: a hundred at a time, which was a fifth faster than one by one, and the rest singly, so
 * that there are two texts to prepare per table.
 */
export function* insertStatements(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Generator<Statement> {
  const size = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(MAX_PARAMETERS / columns.length)))
  let at = 0
  for (; at + size <= rows.length; at += size)
    yield { sql: insertText(table, columns, size), parameters: rows.slice(at, at + size).flat() }
  for (; at < rows.length; at++) yield { sql: insertText(table, columns, 1), parameters: rows[at]! }
}

function insertText(table: string, columns: readonly string[], rows: number): string {
  const key = `${rows} ${table} ${columns.join()}`
  let text = texts.get(key)
  if (text === undefined) texts.set(key, (text = buildText(table, columns, rows)))
  return text
}

function buildText(table: string, columns: readonly string[], rows: number): string {
  const row = `(${columns.map(() => '?').join(', ')})`
  const into = `INSERT INTO ${quote(table)} (${columns.map(quote).join(', ')})`
  return `${into} VALUES ${Array.from({ length: rows }, () => row).join(', ')}`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
