import type { Expression, Kysely } from 'kysely'
import type { AnyColumn } from '../entity/column.ts'
import type { SqlType, TableDefinition } from '../storage/physical.ts'
import type { Capabilities } from '../storage/storage.ts'

/** What a migration may do. Every step is portable; names are those of entities and properties. */
export interface MigrationTools {
  readonly dialect: Capabilities['dialect']
  /** Creates the table as the definition says, with keys and indexes. For an extension also backfills its rows. */
  createTable(definition: TableDefinition): Promise<void>
  /** Refused while another table refers to it. */
  dropTable(name: string): Promise<void>
  /**
   * Adds a column with its key and index. Where the table has rows it must be nullable or have a default; a default
   * that is a function is called once and its value given to all of them.
   */
  addColumn(table: string, property: string, column: AnyColumn): Promise<void>
  /** Drops a column with the keys and indexes that name it. */
  dropColumn(table: string, property: string, column: AnyColumn): Promise<void>
  /** Keys and indexes follow. Money is two columns: rename both. */
  renameColumn(table: string, from: string, to: string): Promise<void>
  addIndex(table: string, index: MigrationIndex): Promise<void>
  dropIndex(table: string, index: MigrationIndex): Promise<void>
  /**
   * SQL over physical names, for what the steps above cannot say. `{prefix}` becomes the table prefix; parameters are
   * `$1`, `$2`, … on both databases.
   */
  execute(sql: string, parameters?: readonly unknown[]): Promise<void>
  /** Queries over physical names, without tenant binding: for moving data. Rows have physical names too. */
  // `any`: tables as they were then, which no type of today describes.
  readonly db: Kysely<any>
  /** A parameter for `db` as a column of that type holds it: ids, instants and booleans differ between databases. */
  value<T>(type: SqlType, value: T): Expression<T>
}

export interface MigrationIndex {
  /** Properties in order; `tenantId` stands before them by itself on a tenant table. */
  readonly on: readonly string[]
  readonly unique?: boolean
  /**
   * A predicate over physical names; null for all rows.
   * @default all rows; for a unique index on a table with soft removal the rows that are not removed
   */
  readonly where?: string | null
  /** False leaves `tenantId` out. @default true on a tenant table */
  readonly tenant?: boolean
}

/** One step of a plugin's schema. It runs with its ledger row in one transaction, on both databases. */
export interface Migration {
  up(m: MigrationTools): Promise<void>
  /** Undoes `up` completely. */
  down(m: MigrationTools): Promise<void>
}
