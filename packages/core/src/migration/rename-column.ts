import { physicalName } from '../storage/physical-name.ts'
import type { Connection } from '../storage/storage.ts'
import { foreignKeys, indexesOf, type ExistingIndex } from './catalogue.ts'
import { foreignKeyName, quoted, type SchemaTarget } from './ddl.ts'
import { runSql } from './run-sql.ts'

/**
 * Renames a column, and the keys and indexes whose names were made from it.
 *
 * @param table without the prefix
 */
export async function renameColumn(
  connection: Connection,
  { dialect, prefix }: SchemaTarget,
  table: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const run = (statement: string) => runSql(connection, dialect, statement)
  const physical = physicalName(prefix, table)
  const renamed = (columns: readonly string[]): string[] =>
    columns.map((column) => (column === from ? to : column))
  const nameOf = (columns: readonly string[], kind: 'key' | 'idx'): string => {
    const own = columns[0] === 'tenant_id' ? columns.slice(1) : columns
    return physicalName(prefix, `${table}_${own.join('_')}_${kind}`)
  }
  const newName = ({ name, columns }: ExistingIndex): string | undefined => {
    const kind = (['key', 'idx'] as const).find((one) => nameOf(columns, one) === name)
    return kind && nameOf(renamed(columns), kind)
  }
  const indexes = (await indexesOf(connection, dialect, physical)).filter(({ columns }) =>
    columns.includes(from),
  )
  const keys = (await foreignKeys(connection, dialect)).filter(
    (key) => key.from === physical && key.columns.includes(from),
  )

  await run(`ALTER TABLE ${quoted(physical)} RENAME COLUMN ${quoted(from)} TO ${quoted(to)}`)
  for (const index of indexes) {
    const name = newName(index)
    if (!name) continue
    if (dialect === 'postgres') {
      await run(`ALTER INDEX ${quoted(index.name)} RENAME TO ${quoted(name)}`)
      continue
    }
    const current = (await indexesOf(connection, dialect, physical)).find((one) => one.name === index.name)
    await run(`DROP INDEX ${quoted(index.name)}`)
    await run((current ?? index).sql.replace(index.name, name))
  }
  for (const { name, columns } of keys) {
    if (name !== physicalName(prefix, foreignKeyName(table, columns))) continue
    const next = physicalName(prefix, foreignKeyName(table, renamed(columns)))
    await run(`ALTER TABLE ${quoted(physical)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(next)}`)
  }
}
