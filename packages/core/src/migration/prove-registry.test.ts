import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { col, type AnyColumns } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import { emptyDatabase } from './empty-database.fixture.ts'
import { migration, registryOf } from './schema-registry.fixture.ts'
import { proveRegistry } from './prove-registry.ts'

const columns = { title: col.text().unique(), state: col.text().default('new').index() }
const Note = defineEntity('notes', columns)
const create = (of: AnyColumns) =>
  migration(
    (m) => m.createTable({ name: 'notes', columns: of }),
    (m) => m.dropTable('notes'),
  )

eachStorage((kind) => {
  const prove = async (
    migrations: Parameters<typeof registryOf>[0][0]['migrations'] = {},
  ): Promise<readonly string[]> =>
    proveRegistry({
      registry: registryOf([{ id: 'notes', entities: [Note], migrations }]),
      migrated: await (await emptyDatabase(kind)).open(),
      scratch: await (await emptyDatabase(kind)).open(),
      logger: silentLogger(),
      clock: systemClock(),
    })

  test('migrations that make what the entities say, and undo it, are proved', async () => {
    const added = migration(
      (m) => m.addColumn('notes', 'state', columns.state),
      (m) => m.dropColumn('notes', 'state', columns.state),
    )

    expect(await prove({ '0001-notes': create({ title: columns.title }), '0002-state': added })).toEqual([])
  })

  test('a column that no migration makes is drift', async () => {
    const problems = await prove({ '0001-notes': create({ title: columns.title }) })

    expect(problems).toHaveLength(2)
    expect(problems).toContainEqual(
      expect.stringMatching(/^no migration makes what the entities say: .*notes.*: column state/),
    )
    expect(problems).toContainEqual(
      expect.stringMatching(/^no migration makes what the entities say: .*notes.*: index .*notes_state_idx/),
    )
  })

  test('a column that no entity has is drift', async () => {
    const problems = await prove({ '0001-notes': create({ ...columns, extra: col.text().nullable() }) })

    expect(problems).toEqual([
      expect.stringMatching(/^no entity says what the migrations make: .*notes.*: column extra/),
    ])
  })

  test('what undoing leaves behind is named', async () => {
    const forgetful = migration(
      async (m) => {
        await m.createTable(Note)
        await m.execute('CREATE TABLE {prefix}left_over (id integer)')
      },
      (m) => m.dropTable('notes'),
    )
    await expect(prove({ '0001-notes': forgetful })).rejects.toMatchObject({ code: 'migration.failed' })

    const tidyAtFirst = migration(
      async (m) => {
        await m.createTable(Note)
        await m.execute('CREATE TABLE IF NOT EXISTS {prefix}left_over (id integer)')
      },
      (m) => m.dropTable('notes'),
    )
    expect(await prove({ '0001-notes': tidyAtFirst })).toContainEqual(
      expect.stringMatching(/^undoing all migrations leaves behind: .*left_over/),
    )
  })
})
