import type { AnyColumn } from '../entity/column.ts'
import type { Money } from '../entity/money.ts'
import { physicalName } from '../storage/physical-name.ts'
import { columnsOf, type PhysicalTable, type TableDefinition } from '../storage/physical.ts'
import { snakeCase } from '../sql/names.ts'
import { literal, quoted, quotedList, type SchemaTarget } from './ddl.ts'

/**
 * What rows that exist get in a new column, as SQL by physical name. Left out where the database knows by itself: a
 * nullable column, or one with a DEFAULT.
 */
export function fillOf(
  target: SchemaTarget,
  property: string,
  { spec }: AnyColumn,
): ReadonlyMap<string, string> {
  const given = spec.default && ('value' in spec.default ? spec.default.value : spec.default.make())
  const values = spec.kind === 'money' ? moneyParts(given as Money | undefined) : [given]
  return new Map(
    columnsOf(property, spec).flatMap((column, place) => {
      const value = values[place]
      if (value === undefined || value === null || column.default !== undefined) return []
      return [[column.name, literal(target, target.sql.encode(column.type, value))]]
    }),
  )
}

/** Gives every row of the base its row in the extension, as new rows get theirs. */
export function backfillExtensionSql(
  target: SchemaTarget,
  { columns, extension }: TableDefinition,
  table: PhysicalTable,
): string | null {
  if (!extension) return null
  const values = new Map([
    ...table.primaryKey.map((key): [string, string] => [key, quoted(key)]),
    ['version', '1'],
    ['created_at', quoted('created_at')],
    ['updated_at', quoted('created_at')],
    ...Object.entries(columns).flatMap(([property, column]) => [...fillOf(target, property, column)]),
  ])
  const base = quoted(physicalName(target.prefix, snakeCase(extension.base.name)))
  const into = `${quoted(physicalName(target.prefix, table.name))} (${quotedList([...values.keys()])})`
  return `INSERT INTO ${into} SELECT ${[...values.values()].join(', ')} FROM ${base}`
}

function moneyParts(money: Money | undefined): readonly unknown[] {
  return [money?.amount, money?.currency]
}
