import type { SqliteConnection } from './sqlite-connection.ts'

type Row = Record<string, string | number | null>
type Query = (sql: string, ...parameters: unknown[]) => Row[]

/**
 * The tables under a prefix as text, names without the prefix. Columns, indexes and keys are sorted, because a column
 * added later stands last and means the same. A virtual table is what it was made as; its shadow tables follow from it.
 */
export function describeSchema(connection: SqliteConnection, prefix: string): string {
  const query: Query = (sql, ...parameters) => connection.run({ sql, parameters }).rows as Row[]
  const tables = query(
    `SELECT name, type, strict FROM pragma_table_list
     WHERE schema = 'main' AND type IN ('table', 'virtual') AND substr(name, 1, ?) = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
     ORDER BY name`,
    prefix.length,
    prefix,
  )
  const bare = (name: unknown): string => withoutPrefix(String(name), prefix)
  return tables
    .map(({ name, type, strict }) => {
      if (type === 'virtual') return `virtual table ${bare(name)} ${virtualTable(query, name)}`
      const lines = [
        ...columnLines(query, String(name)),
        ...indexLines(query, String(name), bare),
        ...foreignKeyLines(query, String(name), bare),
      ]
      return [`table ${bare(name)}${strict ? ' strict' : ''}`, ...lines.map((line) => `  ${line}`)].join('\n')
    })
    .join('\n')
}

function virtualTable(query: Query, name: unknown): string {
  const [row] = query(`SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?`, name)
  return /\busing\b.*$/is.exec(String(row?.['sql']))?.[0].replace(/\s+/g, ' ') ?? ''
}

function columnLines(query: Query, table: string): string[] {
  const columns = query(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)`, table)
  const key = columns
    .filter(({ pk }) => Number(pk) > 0)
    .sort((a, b) => Number(a['pk']) - Number(b['pk']))
    .map(({ name }) => name)
  const lines = columns.map(({ name, type, notnull, dfltValue }) => {
    const byDefault = dfltValue === null ? '' : ` default ${dfltValue}`
    return `column ${name} ${type}${notnull ? ' not null' : ''}${byDefault}`
  })
  return [...lines.sort(), ...(key.length ? [`primary key (${key.join(', ')})`] : [])]
}

function indexLines(query: Query, table: string, bare: (name: unknown) => string): string[] {
  return query(`SELECT name, "unique", origin FROM pragma_index_list(?) WHERE origin <> 'pk'`, table)
    .map(({ name, unique, origin }) => {
      const columns = query(
        `SELECT coalesce(name, '(expression)') || iif("desc", ' desc', '') AS place
         FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno`,
        name,
      ).map(({ place }) => place)
      const named = origin === 'c' ? ` ${bare(name)}` : ''
      return `${unique ? 'unique index' : 'index'}${named} (${columns.join(', ')})${predicate(query, name)}`
    })
    .sort()
}

function predicate(query: Query, index: unknown): string {
  const [row] = query(`SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?`, index)
  const where = /\)\s*where\s+(.*)$/is.exec(String(row?.['sql'] ?? ''))?.[1]
  return where === undefined ? '' : ` where ${where.replaceAll('"', '').replace(/\s+/g, ' ').trim()}`
}

function foreignKeyLines(query: Query, table: string, bare: (name: unknown) => string): string[] {
  const parts = query(
    `SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq`,
    table,
  )
  return [...Map.groupBy(parts, ({ id }) => id).values()]
    .map((columns) => {
      const from = columns.map((column) => column['from']).join(', ')
      const to = columns.map((column) => column['to']).join(', ')
      const first = columns[0]!
      return `foreign key (${from}) references ${bare(first['table'])} (${to}) on delete ${String(first['onDelete']).toLowerCase()}`
    })
    .sort()
}

function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}
