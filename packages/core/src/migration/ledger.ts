import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { Timestamp } from '../ports/clock.ts'
import { physicalName } from '../storage/physical-name.ts'
import { plainColumn, type PhysicalTable } from '../storage/physical.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import { tableExists } from './catalogue.ts'
import { createTableSql, quoted } from './ddl.ts'
import { runSql } from './run-sql.ts'

/** What names a migration. */
export interface MigrationKey {
  readonly pluginId: string
  readonly name: string
}

/** A migration that has run. */
export interface LedgerEntry extends MigrationKey {
  /** Grows by one with every `up` that ran something; what ran together is undone together. */
  readonly batch: number
  readonly executedAt: Timestamp
  readonly coreVersion: string
}

const SYSTEM = { tenantId: WHOLE_INSTANCE }

const LEDGER: PhysicalTable = {
  name: 'migrations',
  tenancy: 'global',
  columns: [
    plainColumn('plugin', 'pluginId', 'text'),
    plainColumn('name', 'name', 'text'),
    plainColumn('batch', 'batch', 'integer'),
    plainColumn('executed_at', 'executedAt', 'timestamp'),
    plainColumn('core_version', 'coreVersion', 'text'),
  ],
  primaryKey: ['plugin', 'name'],
  indexes: [],
  foreignKeys: [],
}

/** The table that says which migrations have run; the one table no migration creates. */
export class Ledger {
  readonly #storage: Storage
  readonly #prefix: string
  readonly #table: string

  constructor(storage: Storage, prefix: string) {
    this.#storage = storage
    this.#prefix = prefix
    this.#table = quoted(physicalName(prefix, LEDGER.name))
  }

  /** What has run; nothing when there is no ledger yet. */
  read(): Promise<readonly LedgerEntry[]> {
    const { dialect } = this.#storage.capabilities
    return this.#storage.read(SYSTEM, async (connection) => {
      if (!(await tableExists(connection, dialect, physicalName(this.#prefix, LEDGER.name)))) return []
      const columns =
        'plugin AS plugin_id, name, batch AS "batch::integer", executed_at AS "executed_at::timestamp", core_version'
      const { rows } = await runSql(
        connection,
        dialect,
        `SELECT ${columns} FROM ${this.#table} ORDER BY batch, executed_at`,
      )
      return rows as unknown as LedgerEntry[]
    })
  }

  /** Creates the table where it is missing. The caller holds the migration lock. */
  async create(): Promise<void> {
    const { capabilities, sql } = this.#storage
    const target = { dialect: capabilities.dialect, sql, prefix: this.#prefix }
    await this.#storage.write(SYSTEM, async (connection) => {
      if (await tableExists(connection, target.dialect, physicalName(this.#prefix, LEDGER.name))) return
      for (const statement of createTableSql(target, LEDGER))
        await runSql(connection, target.dialect, statement)
    })
  }

  async add(connection: Connection, entry: LedgerEntry): Promise<void> {
    const { capabilities, sql } = this.#storage
    await runSql(
      connection,
      capabilities.dialect,
      `INSERT INTO ${this.#table} (plugin, name, batch, executed_at, core_version) VALUES ($1, $2, $3, $4, $5)`,
      [entry.pluginId, entry.name, entry.batch, sql.encode('timestamp', entry.executedAt), entry.coreVersion],
    )
  }

  async remove(connection: Connection, { pluginId, name }: MigrationKey): Promise<void> {
    const { dialect } = this.#storage.capabilities
    await runSql(connection, dialect, `DELETE FROM ${this.#table} WHERE plugin = $1 AND name = $2`, [
      pluginId,
      name,
    ])
  }
}

/** As people read and type it: `orders/0001-orders`. */
export function keyOf({ pluginId, name }: MigrationKey): string {
  return `${pluginId}/${name}`
}
