import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'
import type { SchedulesDb } from '../schedule/schedule.entity.ts'
import { maintenanceTasks } from './maintenance.ts'

const Shelf = defineEntity('shelves', { label: col.text() }, { softDelete: true, singular: 'shelf' })
const Book = defineEntity('books', {
  title: col.text(),
  shelfId: col.ref(() => Shelf, { onDelete: 'cascade' }),
})
const Loan = defineEntity('loans', { shelfId: col.ref(() => Shelf, { onDelete: 'restrict' }) })
const Lend = defineJob('library.lend', z.object({}), { attempts: 1 })

const library = definePlugin({
  id: 'library',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Shelf, Book, Loan],
  migrations: {
    '0001-library': {
      async up(m) {
        for (const entity of [Shelf, Book, Loan]) await m.createTable(entity)
      },
      async down(m) {
        for (const name of ['loans', 'books', 'shelves']) await m.dropTable(name)
      },
    },
  },
  jobs: [
    handleJob(Lend, async () => {
      throw new Error('no luck')
    }),
  ],
})

/** The library's types name its own tables only. */
function systemTables(db: unknown): SchedulesDb {
  return db as SchedulesDb
}

async function openLibrary(storage: TestStorage, tenants?: readonly string[]) {
  const t = await createTestClientele({
    storage,
    plugins: [library()],
    ...(tenants ? { tenancy: { mode: 'multi', tenants: async () => tenants } } : {}),
  })
  await t.drain()
  return t
}

eachStorage((storage) => {
  test('rows removed 30 days ago are gone for good, in every tenant, and what goes along is told', async () => {
    const tenants = ['one', 'two']
    const t = await openLibrary(storage, tenants)
    for (const tenantId of tenants) {
      await t.as({ tenantId }).tx(async (tx) => {
        const old = await tx.repo(Shelf).insert({ label: 'old' })
        await tx.repo(Book).insert({ title: 'along', shelfId: old.id })
        await tx.repo(Shelf).insert({ label: 'kept' })
        await tx.repo(Shelf).remove(old.id)
      })
    }
    t.clock.advance('29d')
    await t.as({ tenantId: 'one' }).tx(async (tx) => {
      const young = await tx.repo(Shelf).insert({ label: 'young' })
      await tx.repo(Shelf).remove(young.id)
    })
    t.clock.advance('2d')
    t.recorder.clear()
    await t.drain()
    const labels = async (tenantId: string): Promise<unknown> =>
      (await t.as({ tenantId }).ctx.dbWithRemoved.selectFrom('shelves').select('label').execute())
        .map(({ label }) => label)
        .toSorted()
    expect([await labels('one'), await labels('two')]).toEqual([['kept', 'young'], ['kept']])
    expect(t.recorder.changes.map(({ kind, entity }) => `${kind} ${entity.name}`)).toEqual([
      'remove books',
      'remove books',
    ])
  })

  test('a removed row that another one refers to stays, and keeps no other from going', async () => {
    const t = await openLibrary(storage)
    await t.as().tx(async (tx) => {
      for (const label of ['free', 'lent', 'free too']) {
        const shelf = await tx.repo(Shelf).insert({ label })
        if (label === 'lent') await tx.repo(Loan).insert({ shelfId: shelf.id })
        await tx.repo(Shelf).remove(shelf.id)
      }
    })
    t.clock.advance('31d')
    await t.drain()
    const left = await t.as().ctx.dbWithRemoved.selectFrom('shelves').select('label').execute()
    expect(left).toEqual([{ label: 'lent' }])
    expect((await t.as().api.core.listJobs()).items).toEqual([])
  })

  test('dead jobs are kept for 30 days, and schedules that no code knows as long', async () => {
    const t = await openLibrary(storage)
    const letOneDie = (): Promise<unknown> => t.as().tx((tx) => tx.enqueue(Lend, {}))
    await letOneDie()
    await t.drain()
    await t.as().tx((tx) =>
      tx.projection('as an older version of a plugin left it', async (db) => {
        await systemTables(db)
          .updateTable('schedules')
          .set({ name: 'old.one', definition: 'old' })
          .where('name', '=', 'core.trimJournal')
          .execute()
      }),
    )
    t.clock.advance('29d')
    await letOneDie()
    await t.drain()
    const dead = async (): Promise<number> =>
      (await t.as().api.core.listJobs({ query: { state: 'dead' } })).items.length
    const forgotten = async (): Promise<unknown[]> =>
      systemTables(t.as().db).selectFrom('schedules').select('name').where('name', '=', 'old.one').execute()
    expect([await dead(), (await forgotten()).length]).toEqual([2, 1])
    t.clock.advance('2d')
    await t.drain()
    expect([await dead(), await forgotten()]).toEqual([1, []])
  })

  test('every task runs within a day and leaves no job behind', async () => {
    const t = await openLibrary(storage)
    t.clock.advance('1d')
    await t.drain()
    const { items } = await t.as().api.core.listSchedules()
    const tasks = items.filter(({ each }) => each === 'instance')
    expect(tasks.map(({ name }) => name)).toEqual(maintenanceTasks.map(({ job }) => job.name))
    for (const one of tasks) expect(one.lastJob, one.name).toMatchObject({ state: 'gone' })
  })
})

test('SQLite gets statistics that it would never have when it grows only through the API', async () => {
  const t = await openLibrary('sqlite')
  await t.as().tx((tx) => tx.repo(Shelf).insertMany(Array.from({ length: 100 }, () => ({ label: 'same' }))))
  t.clock.advance('1d')
  await t.drain()
  const { rows } = await t.storage.read({ tenantId: '*' }, (connection) =>
    connection.execute({
      sql: `select stat from sqlite_stat1 where tbl = 'clientele_shelves'`,
      parameters: [],
    }),
  )
  expect(rows.length).toBeGreaterThan(0)
})
