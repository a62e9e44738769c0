import { isDeepStrictEqual } from 'node:util'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { AnyColumn } from './column.ts'
import type { Money } from './money.ts'

/** A row or its values, keyed by property. */
export type Values = Record<string, unknown>

/** Seals a secret so that it opens only for this row and column. */
export type Seal = (column: string, rowId: string, plain: string) => Uint8Array

/**
 * Between a row as TypeScript sees it and its columns: money is one value here and two columns there, secrets go in
 * sealed and never come out, the tenant is not part of a row.
 */
export interface RowShape {
  /** The properties to select for a row. */
  readonly selected: readonly string[]
  /** A selected record as a row; without money it is the record itself. */
  toRow(record: Values): Values
  /** A complete new row from what the caller gave. */
  newRow(values: Values, stamp: { readonly id: string; readonly now: Timestamp }): Values
  /** The row as anybody may see it: secrets are dropped. */
  toPublic(row: Values): Values
  /** Values of a row or a patch, by physical property. */
  toColumns(values: Values, rowId: string, seal: Seal): Values
  /** The own columns in which two rows differ. */
  changedColumns(before: Values, after: Values): string[]
  /** All own columns. */
  readonly ownColumns: readonly string[]
}

const shapes = new WeakMap<RegisteredEntity, RowShape>()

/** The shape of an entity's rows, derived once. */
export function shapeOf(entity: RegisteredEntity): RowShape {
  let shape = shapes.get(entity)
  if (!shape) shapes.set(entity, (shape = rowShape(entity)))
  return shape
}

function rowShape({ entity, columns }: RegisteredEntity): RowShape {
  const own = Object.entries(entity.columns)
  const ofKind = (kind: string): string[] => own.filter(([, c]) => c.spec.kind === kind).map(([name]) => name)
  const moneyColumns = ofKind('money')
  const secrets = new Set(ofKind('secret'))
  const imported = entity.options.importable ? ['source', 'externalId'] : []
  // What a global row says of a tenant is its own column.
  const hidden = (property: string): boolean => property === 'tenantId' && !('tenantId' in entity.columns)
  const selected = [...columns.keys()].filter((property) => !hidden(property) && !secrets.has(property))
  const currencies = new Map(moneyColumns.map((name) => [name, `${name}Currency`]))
  const composed = selected
    .filter((property) => ![...currencies.values()].includes(property))
    .map((property) => ({ property, currency: currencies.get(property) ?? null }))
  const ownColumns = [...own.map(([name]) => name), ...imported]
  return {
    ownColumns,
    selected,
    toRow(record) {
      if (moneyColumns.length === 0) return record
      // A fresh object: deleting the currency's column would make each later access to the row slow.
      const row: Values = {}
      for (const { property, currency } of composed) {
        const value = record[property]
        if (value === undefined) continue
        row[property] =
          currency === null || value === null ? value : { amount: value, currency: record[currency] }
      }
      return row
    },
    newRow(values, { id, now }) {
      const row: Values = { id, version: 1, createdAt: now, updatedAt: now }
      for (const [name, column] of own)
        row[name] = values[name] === undefined ? defaultOf(column) : values[name]
      for (const name of imported) row[name] = values[name] ?? null
      if (entity.options.softDelete) row['deletedAt'] = null
      return row
    },
    toPublic(row) {
      for (const name of secrets) delete row[name]
      return row
    },
    toColumns(values, rowId, seal) {
      const record: Values = {}
      for (const name in values) {
        const value = values[name]
        if (value === undefined) continue
        record[name] = value
        if (secrets.has(name) && value !== null) record[name] = seal(name, rowId, value as string)
      }
      for (const name of moneyColumns) {
        if (!(name in record)) continue
        const value = record[name] as Money | null
        record[name] = value?.amount ?? null
        record[`${name}Currency`] = value?.currency ?? null
      }
      return record
    },
    changedColumns: (before, after) =>
      ownColumns.filter((name) => !secrets.has(name) && !isDeepStrictEqual(before[name], after[name])),
  }
}

/** The value of a column that an insert leaves out; undefined when there is none. */
export function defaultOf({ spec }: AnyColumn): unknown {
  if (!spec.default) return spec.nullable ? null : undefined
  return 'make' in spec.default ? spec.default.make() : spec.default.value
}
