import { sql, type Expression, type Kysely } from 'kysely'
import type { AnyColumn } from '../entity/column.ts'
import { snakeCase } from '../sql/names.ts'
import { physicalName } from '../storage/physical-name.ts'
import {
  columnsOf,
  physicalIndex,
  physicalTable,
  type PhysicalIndex,
  type SqlType,
  type TableDefinition,
} from '../storage/physical.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import { addColumn } from './add-column.ts'
import { backfillExtensionSql } from './backfill.ts'
import { columnNames, foreignKeys, indexesOf, mentions } from './catalogue.ts'
import { connectionKysely } from './connection-kysely.ts'
import { createIndexSql, createTableSql, quoted, type SchemaTarget } from './ddl.ts'
import type { MigrationIndex, MigrationTools } from './migration.ts'
import { rebuildTable } from './rebuild-table.ts'
import { renameColumn } from './rename-column.ts'
import { runSql } from './run-sql.ts'

export interface MigrationToolsParts {
  readonly storage: Storage
  /** With the transaction in which the migration runs. */
  readonly connection: Connection
  readonly prefix: string
}

export function createMigrationTools(parts: MigrationToolsParts): MigrationTools {
  return new Tools(parts)
}

class Tools implements MigrationTools {
  readonly dialect: MigrationTools['dialect']
  readonly db: Kysely<any>
  readonly #connection: Connection
  readonly #target: SchemaTarget

  constructor({ storage, connection, prefix }: MigrationToolsParts) {
    this.dialect = storage.capabilities.dialect
    this.db = connectionKysely(storage, connection)
    this.#connection = connection
    this.#target = { dialect: this.dialect, sql: storage.sql, prefix }
  }

  async createTable(definition: TableDefinition): Promise<void> {
    const table = physicalTable(definition)
    const backfill = backfillExtensionSql(this.#target, definition, table)
    for (const statement of createTableSql(this.#target, table)) await this.#run(statement)
    if (backfill) await this.#run(backfill)
  }

  async dropTable(name: string): Promise<void> {
    const table = this.#physical(snakeCase(name))
    const keys = await foreignKeys(this.#connection, this.dialect)
    const referring = keys.find((key) => key.to === table && key.from !== table)
    // SQLite would remove the referring rows; PostgreSQL refuses.
    if (referring)
      throw new Error(`table "${referring.from}" refers to "${table}"; drop it or its column first`)
    await this.#run(`DROP TABLE ${quoted(table)}`)
  }

  async addColumn(table: string, property: string, column: AnyColumn): Promise<void> {
    await addColumn(this.#connection, this.#target, snakeCase(table), { property, column })
    const { unique, indexed } = column.spec
    if (unique || indexed) await this.addIndex(table, { on: [property], unique })
  }

  async dropColumn(table: string, property: string, { spec }: AnyColumn): Promise<void> {
    const bare = snakeCase(table)
    const physical = this.#physical(bare)
    const names = columnsOf(property, spec).map(({ name }) => name)
    const isMentioned = (name: string): boolean => names.includes(name)
    const keys = await foreignKeys(this.#connection, this.dialect)
    if (
      this.dialect === 'sqlite' &&
      keys.some((key) => key.from === physical && key.columns.some(isMentioned))
    ) {
      return rebuildTable(this.#connection, this.#target, bare, { dropColumns: names })
    }
    for (const index of await indexesOf(this.#connection, this.dialect, physical)) {
      if (names.some((name) => mentions(index, name))) await this.#run(`DROP INDEX ${quoted(index.name)}`)
    }
    for (const name of names) await this.#run(`ALTER TABLE ${quoted(physical)} DROP COLUMN ${quoted(name)}`)
  }

  renameColumn(table: string, from: string, to: string): Promise<void> {
    const names = { from: snakeCase(from), to: snakeCase(to) }
    return renameColumn(this.#connection, this.#target, snakeCase(table), names)
  }

  async addIndex(table: string, index: MigrationIndex): Promise<void> {
    await this.#run(createIndexSql(this.#target, snakeCase(table), await this.#index(table, index)))
  }

  async dropIndex(table: string, index: MigrationIndex): Promise<void> {
    const { name } = await this.#index(table, index)
    await this.#run(`DROP INDEX ${quoted(this.#physical(name))}`)
  }

  async execute(text: string, parameters: readonly unknown[] = []): Promise<void> {
    await runSql(this.#connection, this.dialect, text.replaceAll('{prefix}', this.#target.prefix), parameters)
  }

  value<T>(type: SqlType, value: T): Expression<T> {
    return sql<T>`${sql.val(this.#target.sql.encode(type, value))}`
  }

  /** As the entity would derive it. */
  async #index(table: string, { on, unique = false, where, tenant }: MigrationIndex): Promise<PhysicalIndex> {
    const existing = await columnNames(this.#connection, this.dialect, this.#physical(snakeCase(table)))
    const isSourceKey = on.join() === 'source,externalId'
    const live = unique && existing.includes('deleted_at') && !isSourceKey ? 'deleted_at IS NULL' : undefined
    return physicalIndex(snakeCase(table), {
      lead: (tenant ?? existing.includes('tenant_id')) ? ['tenant_id'] : [],
      properties: on,
      unique,
      where: where === undefined ? live : (where ?? undefined),
    })
  }

  #physical(name: string): string {
    return physicalName(this.#target.prefix, name)
  }

  async #run(statement: string): Promise<void> {
    await this.#connection.execute({ sql: statement, parameters: [] })
  }
}
