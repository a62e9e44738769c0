import { postgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import { migration, migratorOf, registryOf } from './schema-registry.fixture.ts'

const Note = defineEntity('notes', { title: col.text() })
const Country = defineEntity(
  'countries',
  { name: col.text() },
  { tenancy: { global: 'the same for everyone' } },
)

test('migrated tables of tenants are put under row-level security, also those of a later migration', async () => {
  const scratch = await postgresTestStorage(inject('postgresUrl'), { rls: true })
  onTestFinished(() => scratch.dispose())
  const { storage } = scratch
  await storage.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
  const secured = async (): Promise<unknown[]> => {
    const sql = `SELECT relname::text AS name FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace`
    const { rows } = await storage.read({ tenantId: '*' }, (connection) =>
      connection.execute({ sql, parameters: [] }),
    )
    return rows.map(({ name }) => name)
  }
  const first = migration((m) => m.createTable(Country))
  const later = migration((m) => m.createTable(Note))

  await migratorOf(
    storage,
    registryOf([{ id: 'notes', entities: [Country], migrations: { '0001': first } }]),
  ).up()
  expect(await secured()).toEqual([])

  const both = { id: 'notes', entities: [Country, Note], migrations: { '0001': first, '0002': later } }
  await migratorOf(storage, registryOf([both])).up()
  expect(await secured()).toEqual(['clientele_notes'])
})
