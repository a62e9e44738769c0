import type { TestStorage } from '@clientele/testing'
import { col } from '../entity/column.ts'
import { defineEntity, type AnyEntity } from '../entity/entity.ts'
import type { Storage } from '../storage/storage.ts'
import { schemaDrift } from './drift.ts'
import { emptyDatabase } from './empty-database.fixture.ts'
import { Ledger } from './ledger.ts'
import { createMigrationTools } from './migration-tools.ts'
import type { MigrationTools } from './migration.ts'
import { registryOf } from './schema-registry.fixture.ts'

export const Customer = defineEntity('customers', { name: col.text() }, { subject: true, softDelete: true })
export const Product = defineEntity('products', { sku: col.text() }, { softDelete: true, importable: true })
export const Order = defineEntity(
  'orders',
  { number: col.text().unique() },
  { indexes: [{ on: ['number', 'createdAt'] }] },
)
export const Line = defineEntity('lines', {
  orderId: col.ref(() => Order, { onDelete: 'cascade' }),
  note: col.text().nullable(),
})
export const Refund = defineEntity('refunds', { orderId: col.ref(() => Order).nullable() })

export const ids = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'] as const
export const AT = '2026-01-15T12:00:00.000Z'
export const orders = ids.map((id, place) => ({ id, number: `A-${place}` }))

type Row = Readonly<Record<string, unknown>>

/** A database on which a test changes tables and looks at what became of them. */
export interface SchemaBench {
  readonly storage: Storage
  /** One migration. */
  readonly migrate: <T>(run: (m: MigrationTools) => Promise<T>) => Promise<T>
  /** Differences from tables made straight from these entities. */
  readonly drift: (...wanted: AnyEntity[]) => Promise<readonly string[]>
  readonly insert: (entity: AnyEntity, rows: readonly Row[]) => Promise<unknown>
  readonly select: (sql: string) => Promise<readonly Row[]>
}

/** @param entities those whose rows are read, for databases that do not know the type of a column */
export async function schemaBench(kind: TestStorage, ...entities: AnyEntity[]): Promise<SchemaBench> {
  const system = { tenantId: '*' }
  const storage = await (await emptyDatabase(kind)).open(registryOf([{ id: 'shop', entities }]))
  await new Ledger(storage, 'clientele_').create()
  return {
    storage,
    migrate: (run) =>
      storage.write(system, (connection) =>
        run(createMigrationTools({ storage, connection, prefix: 'clientele_' })),
      ),
    async drift(...wanted) {
      const scratch = await (await emptyDatabase(kind)).open()
      return schemaDrift(registryOf([{ id: 'shop', entities: wanted }]), storage, scratch)
    },
    insert: (entity, rows) =>
      storage.write(system, (connection) => {
        const [registered] = registryOf([{ id: 'shop', entities: [entity] }]).tables.values()
        const complete = rows.map((row): Row => ({
          tenantId: 'default',
          version: 1,
          createdAt: AT,
          updatedAt: AT,
          ...row,
        }))
        const columns = (registered?.table.columns ?? []).filter(({ property }) =>
          complete.some((row) => property in row),
        )
        const values = complete.map((row) =>
          columns.map(({ property, type }) => storage.sql.encode(type, row[property])),
        )
        return connection.insertRows(registered?.physicalName ?? '', columns, values)
      }),
    select: async (sql) =>
      (await storage.read(system, (connection) => connection.execute({ sql, parameters: [] }))).rows,
  }
}
