import type { Capabilities, Connection } from '../storage/storage.ts'
import { runSql } from './run-sql.ts'

type Dialect = Capabilities['dialect']

/** Names here are physical, with the prefix. */
export async function tableExists(connection: Connection, dialect: Dialect, table: string): Promise<boolean> {
  const sql = {
    sqlite: `SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = $1`,
    postgres: `SELECT 1 AS found FROM pg_class WHERE oid = to_regclass(quote_ident($1))`,
  }
  return (await runSql(connection, dialect, sql[dialect], [table])).rows.length > 0
}

export async function columnNames(
  connection: Connection,
  dialect: Dialect,
  table: string,
): Promise<string[]> {
  const sql = {
    sqlite: `SELECT name AS column_name FROM pragma_table_info($1) ORDER BY cid`,
    postgres: `SELECT attname::text AS column_name FROM pg_attribute
      WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  }
  const { rows } = await runSql(connection, dialect, sql[dialect], [table])
  return rows.map((row) => String(row['columnName']))
}

export async function hasRows(connection: Connection, dialect: Dialect, table: string): Promise<boolean> {
  const { rows } = await runSql(connection, dialect, `SELECT 1 AS found FROM "${table}" LIMIT 1`)
  return rows.length > 0
}

/** An index that a statement made (not a primary key). */
export interface ExistingIndex {
  readonly name: string
  readonly columns: readonly string[]
  /** The statement that makes it again. */
  readonly sql: string
}

export async function indexesOf(
  connection: Connection,
  dialect: Dialect,
  table: string,
): Promise<ExistingIndex[]> {
  const sql = {
    sqlite: `SELECT i.name AS index_name, c.name AS column_name, m.sql AS sql
      FROM pragma_index_list($1) AS i JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name
      JOIN pragma_index_info(i.name) AS c WHERE i.origin = 'c' ORDER BY i.name, c.seqno`,
    postgres: `SELECT c.relname::text AS index_name, pg_get_indexdef(c.oid, place::int, true) AS column_name,
        pg_get_indexdef(c.oid) AS sql
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
      CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS place
      WHERE i.indrelid = to_regclass(quote_ident($1)) AND NOT i.indisprimary ORDER BY c.relname, place`,
  }
  const { rows } = await runSql(connection, dialect, sql[dialect], [table])
  return [...Map.groupBy(rows, (row) => String(row['indexName']))].map(([name, parts]) => ({
    name,
    columns: parts.map((part) => String(part['columnName']).replaceAll('"', '')),
    sql: String(parts[0]?.['sql']),
  }))
}

/** True when the index holds the column or its predicate names it. */
export function mentions(index: ExistingIndex, column: string): boolean {
  const predicate = /\bWHERE\b(.*)$/is.exec(index.sql)?.[1] ?? ''
  return index.columns.includes(column) || new RegExp(`\\b${column}\\b`).test(predicate)
}

/** A foreign key, seen from the table that has it. */
export interface ExistingForeignKey {
  /** Null on SQLite, which forgets it. */
  readonly name: string | null
  readonly from: string
  readonly to: string
  readonly columns: readonly string[]
  readonly references: readonly string[]
  /** Upper case: `CASCADE`, `RESTRICT`, `NO ACTION`, … */
  readonly onDelete: string
}

/** All foreign keys of the database (on PostgreSQL: of the schema). */
export async function foreignKeys(connection: Connection, dialect: Dialect): Promise<ExistingForeignKey[]> {
  const sql = {
    sqlite: `SELECT NULL AS name, m.name AS child, k.id AS id, k."table" AS parent, k."from" AS source, k."to" AS target,
        k.on_delete AS action
      FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS k
      WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq`,
    postgres: `SELECT k.conname::text AS name, c.relname::text AS child, k.oid::text AS id, p.relname::text AS parent,
        a.attname::text AS source, b.attname::text AS target,
        CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL'
          WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS action
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_class AS p ON p.oid = k.confrelid
      CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS n(source, target, place)
      JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = n.source
      JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = n.target
      WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
      ORDER BY c.relname, k.conname, n.place`,
  }
  const { rows } = await runSql(connection, dialect, sql[dialect])
  return [...Map.groupBy(rows, (row) => `${String(row['child'])} ${String(row['id'])}`).values()].map(
    (parts) => ({
      name: parts[0]?.['name'] as string | null,
      from: String(parts[0]?.['child']),
      to: String(parts[0]?.['parent']),
      columns: parts.map((part) => String(part['source'])),
      references: parts.map((part) => String(part['target'])),
      onDelete: String(parts[0]?.['action']),
    }),
  )
}
