import { physicalName } from '../storage/physical-name.ts'
import type { PhysicalColumn, PhysicalForeignKey } from '../storage/physical.ts'
import type { Connection } from '../storage/storage.ts'
import { type ExistingForeignKey, foreignKeys, indexesOf, mentions } from './catalogue.ts'
import { columnSql, foreignKeyName, foreignKeySql, quoted, quotedList, type SchemaTarget } from './ddl.ts'
import { runSql } from './run-sql.ts'

/** What is to differ after {@link rebuildTable}. */
export interface TableChange {
  readonly addColumns?: readonly PhysicalColumn[]
  /** What existing rows get in the added columns, as SQL by name; the column's DEFAULT otherwise. */
  readonly fill?: ReadonlyMap<string, string>
  readonly addKeys?: readonly PhysicalForeignKey[]
  /** With the indexes and keys that name them. */
  readonly dropColumns?: readonly string[]
}

/**
 * Changes a SQLite table in ways ALTER TABLE cannot: its rows are set aside, the table is dropped and made anew.
 * Foreign keys stay enforced, as they cannot be switched off within a transaction; so rows that would go with the
 * dropped ones by ON DELETE CASCADE are set aside too. Takes time and room in proportion to all of these tables.
 *
 * @param table without the prefix
 */
export async function rebuildTable(
  connection: Connection,
  target: SchemaTarget,
  table: string,
  change: TableChange,
): Promise<void> {
  const run = (sql: string, ...parameters: unknown[]) => runSql(connection, 'sqlite', sql, parameters)
  const name = physicalName(target.prefix, table)
  const keys = await foreignKeys(connection, 'sqlite')
  const dropped = new Set(change.dropColumns)
  const columns = (await readColumns(connection, name)).filter((column) => !dropped.has(column.name))
  const indexes = (await indexesOf(connection, 'sqlite', name)).filter(
    (index) => ![...dropped].some((column) => mentions(index, column)),
  )
  await refuseWhatWouldBeLost(connection, name)
  const followers = cascadeFollowers(name, keys)
  const triggers = await takeTriggersOff(connection, [name, ...followers])

  // Violations count at the commit, and RESTRICT waits until then too.
  await run('PRAGMA defer_foreign_keys = ON')
  const aside = await Promise.all(
    [name, ...followers].map(async (of, place) => setAside(connection, of, place)),
  )
  await run(`DROP TABLE ${quoted(name)}`)
  await run(
    `CREATE TABLE ${quoted(name)} (\n  ${[
      ...columns.map(existingColumnSql),
      ...(change.addColumns ?? []).map((column) => columnSql(target, column)),
      ...primaryKeySql(columns),
      ...keys
        .filter((key) => key.from === name && !key.columns.some((column) => dropped.has(column)))
        .map((key) => existingKeySql(target, table, key)),
      ...(change.addKeys ?? []).map((key) => foreignKeySql(target, table, key)),
    ].join(',\n  ')}\n)${target.sql.tableSuffix}`,
  )
  const kept = columns.map((column) => column.name)
  const fill = change.fill ?? new Map<string, string>()
  for (const [place, { of, copy, columns: all }] of aside.entries()) {
    const into = place === 0 ? [...kept, ...fill.keys()] : all
    const from = place === 0 ? [...kept.map(quoted), ...fill.values()] : all.map(quoted)
    // Rows without a parent did not go with the others.
    if (place > 0) await run(`DELETE FROM ${quoted(of)}`)
    await run(`INSERT INTO ${quoted(of)} (${quotedList(into)}) SELECT ${from.join(', ')} FROM ${copy}`)
  }
  for (const { copy } of aside) await run(`DROP TABLE ${copy}`)
  for (const { sql } of indexes) await run(sql)
  for (const sql of triggers) await run(sql)
}

interface SqliteColumn {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly byDefault: string | null
  /** Place in the primary key, from 1; 0 outside. */
  readonly keyPlace: number
}

async function readColumns(connection: Connection, table: string): Promise<SqliteColumn[]> {
  const { rows } = await runSql(
    connection,
    'sqlite',
    `SELECT name, type, "notnull" AS required, dflt_value AS by_default, pk FROM pragma_table_info($1) ORDER BY cid`,
    [table],
  )
  return rows.map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    required: row['required'] === 1,
    byDefault: row['byDefault'] as string | null,
    keyPlace: Number(row['pk']),
  }))
}

function existingColumnSql({ name, type, required, byDefault }: SqliteColumn): string {
  return `${quoted(name)} ${type}${required ? ' NOT NULL' : ''}${byDefault === null ? '' : ` DEFAULT ${byDefault}`}`
}

function primaryKeySql(columns: readonly SqliteColumn[]): string[] {
  const key = columns.filter(({ keyPlace }) => keyPlace > 0).toSorted((a, b) => a.keyPlace - b.keyPlace)
  return key.length > 0 ? [`PRIMARY KEY (${quotedList(key.map(({ name }) => name))})`] : []
}

function existingKeySql({ prefix }: SchemaTarget, table: string, key: ExistingForeignKey): string {
  const name = quoted(physicalName(prefix, foreignKeyName(table, key.columns)))
  return `CONSTRAINT ${name} FOREIGN KEY (${quotedList(key.columns)}) REFERENCES ${quoted(key.to)} (${quotedList(key.references)}) ON DELETE ${key.onDelete}`
}

/** The tables that lose rows when all rows of `table` go, nearest first. */
function cascadeFollowers(table: string, keys: readonly ExistingForeignKey[]): readonly string[] {
  const found = new Set([table])
  for (const parent of found) {
    for (const key of keys.filter((one) => one.to === parent && one.from !== parent)) {
      if (key.onDelete === 'CASCADE') found.add(key.from)
      else if (key.onDelete.startsWith('SET')) {
        throw new Error(
          `table "${key.from}" refers to "${parent}" with ON DELETE ${key.onDelete}, which this step would trigger; change that reference first`,
        )
      }
    }
  }
  found.delete(table)
  return [...found]
}

interface SetAside {
  readonly of: string
  readonly copy: string
  readonly columns: readonly string[]
}

async function setAside(connection: Connection, of: string, place: number): Promise<SetAside> {
  const copy = `temp.${quoted(`set_aside_${place}`)}`
  await runSql(
    connection,
    'sqlite',
    `CREATE TEMP TABLE ${quoted(`set_aside_${place}`)} AS SELECT * FROM main.${quoted(of)}`,
  )
  return { of, copy, columns: (await readColumns(connection, of)).map(({ name }) => name) }
}

/** Drops the triggers on these tables, so that nothing fires while rows move; answers how to make them again. */
async function takeTriggersOff(connection: Connection, tables: readonly string[]): Promise<string[]> {
  const { rows } = await runSql(
    connection,
    'sqlite',
    `SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid`,
  )
  const concerned = rows.filter((row) => tables.includes(String(row['tblName'])))
  for (const { name } of concerned) await runSql(connection, 'sqlite', `DROP TRIGGER ${quoted(String(name))}`)
  return concerned.map(({ sql }) => String(sql))
}

/** The catalogue tells columns, keys and indexes, and nothing else of a table. */
async function refuseWhatWouldBeLost(connection: Connection, table: string): Promise<void> {
  const { rows } = await runSql(
    connection,
    'sqlite',
    `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1`,
    [table],
  )
  const text = String(rows[0]?.['sql']).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '')
  const lost = /\b(CHECK|COLLATE|GENERATED|AUTOINCREMENT|WITHOUT\s+ROWID)\b/i.exec(text)
  if (!lost) return
  throw new Error(
    `table "${table}" uses ${lost[0].toUpperCase()}, which a rebuild would lose; write this step with m.execute`,
  )
}
