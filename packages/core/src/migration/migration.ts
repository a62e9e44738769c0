import type { Kysely } from 'kysely'
import type { AnyColumn } from '../entity/column.ts'
import type { TableDefinition } from '../storage/physical.ts'
import type { Capabilities } from '../storage/storage.ts'

/** What a migration may do. Every step is portable; names are those of entities and properties. */
export interface MigrationTools {
  readonly dialect: Capabilities['dialect']
  /** Creates the table as the definition says, with keys and indexes. For an extension also backfills its rows. */
  createTable(definition: TableDefinition): Promise<void>
  dropTable(name: string): Promise<void>
  /** Adds a column; on a table that may have rows it must be nullable or have a constant default. */
  addColumn(table: string, property: string, column: AnyColumn): Promise<void>
  dropColumn(table: string, property: string, column: AnyColumn): Promise<void>
  renameColumn(table: string, from: string, to: string): Promise<void>
  addIndex(table: string, index: MigrationIndex): Promise<void>
  dropIndex(table: string, index: MigrationIndex): Promise<void>
  /** SQL over physical names, for what the steps above cannot say. `{prefix}` becomes the table prefix. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<void>
  /** Queries over physical names, without tenant binding: for moving data. */
  readonly db: Kysely<any>
}

export interface MigrationIndex {
  /** Properties in order; `tenantId` stands before them by itself on a tenant table. */
  readonly on: readonly string[]
  readonly unique?: boolean
  /** A predicate over physical names. */
  readonly where?: string
  /** False for a table shared by all tenants. @default true */
  readonly tenant?: boolean
}

/** One step of a plugin's schema. It runs with its ledger row in one transaction, on both databases. */
export interface Migration {
  up(m: MigrationTools): Promise<void>
  /** Undoes `up` completely. */
  down(m: MigrationTools): Promise<void>
}
