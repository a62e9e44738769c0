import { createTestClientele, type TestStorage } from '@clientele/testing'
import type { Storage } from '../storage/storage.ts'
import { createSqlLayer } from './create-sql-layer.ts'
import { fixturePlugin, fixtureRegistry, type AnyDb } from './test-sql.fixture.ts'
import type { Binding, SqlLayer } from './sql-layer.ts'

export interface RealDatabase {
  readonly storage: Storage
  readonly layer: SqlLayer
  readonly db: (binding: Binding) => AnyDb
}

/** The fixture's tables in a database of an adapter, gone with the test. */
export async function openReal(kind: TestStorage): Promise<RealDatabase> {
  const { storage } = await createTestClientele({ storage: kind, plugins: [fixturePlugin()] })
  const layer = createSqlLayer({ registry: fixtureRegistry(), storage })
  const db = (binding: Binding): AnyDb =>
    layer.kysely(binding, { use: (run) => storage.write({ tenantId: '*' }, run) })
  return { storage, layer, db }
}
