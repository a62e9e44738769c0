import type { AnyColumn } from '../entity/column.ts'
import { physicalName } from '../storage/physical-name.ts'
import { columnsOf, physicalForeignKey, type PhysicalColumn } from '../storage/physical.ts'
import type { Connection } from '../storage/storage.ts'
import { fillOf } from './backfill.ts'
import { columnNames, hasRows } from './catalogue.ts'
import { columnSql, foreignKeySql, quoted, type SchemaTarget } from './ddl.ts'
import { rebuildTable, type TableChange } from './rebuild-table.ts'
import { runSql } from './run-sql.ts'

/**
 * Adds a column with its foreign key, and fills it where the table has rows.
 *
 * @param table without the prefix
 */
export async function addColumn(
  connection: Connection,
  target: SchemaTarget,
  table: string,
  { property, column }: { readonly property: string; readonly column: AnyColumn },
): Promise<void> {
  const physical = physicalName(target.prefix, table)
  const { reference } = column.spec
  const addColumns = columnsOf(property, column.spec)
  const fill = fillOf(target, property, column)
  if (
    addColumns.some((one) => isRequired(one) && !fill.has(one.name)) &&
    (await hasRows(connection, target.dialect, physical))
  ) {
    throw new Error(
      `table "${physical}" has rows, so the new column "${property}" must be nullable or have a default`,
    )
  }
  const existing = await columnNames(connection, target.dialect, physical)
  const tenancy = existing.includes('tenant_id') ? 'tenant' : 'global'
  const addKeys = reference ? [physicalForeignKey(property, reference, tenancy)] : []
  const change = { addColumns, addKeys, fill }
  const needsRebuild = addKeys.length > 0 || fill.size > 0 || addColumns.some(isRequired)
  if (target.dialect === 'sqlite' && needsRebuild) await rebuildTable(connection, target, table, change)
  else await alterTable(connection, target, table, change)
}

/** An insert must give a value: neither NULL nor a DEFAULT stands in. */
function isRequired({ nullable, default: byDefault }: PhysicalColumn): boolean {
  return !nullable && byDefault === undefined
}

async function alterTable(
  connection: Connection,
  target: SchemaTarget,
  table: string,
  { addColumns, addKeys, fill }: Required<Pick<TableChange, 'addColumns' | 'addKeys' | 'fill'>>,
): Promise<void> {
  const alter = (step: string) =>
    runSql(connection, target.dialect, `ALTER TABLE ${quoted(physicalName(target.prefix, table))} ${step}`)
  for (const column of addColumns) {
    const value = fill.get(column.name)
    await alter(`ADD COLUMN ${columnSql(target, column)}${value === undefined ? '' : ` DEFAULT ${value}`}`)
    if (value !== undefined) await alter(`ALTER COLUMN ${quoted(column.name)} DROP DEFAULT`)
  }
  for (const key of addKeys) await alter(`ADD ${foreignKeySql(target, table, key)}`)
}
