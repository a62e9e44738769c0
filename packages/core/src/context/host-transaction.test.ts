import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'

const columns = { title: col.text(z.string().min(1)) }
const Note = defineEntity('notes', columns, { importable: true })
const Ping = defineJob('notes.ping', z.object({}))
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Note],
  migrations: {
    '0001-notes': {
      up: (m) => m.createTable({ name: 'notes', columns, options: { importable: true } }),
      down: (m) => m.dropTable('notes'),
    },
  },
  jobs: [handleJob(Ping, async () => {})],
})

async function open(storage: TestStorage) {
  const announced: string[] = []
  const driver = {
    id: 'test',
    announce: async (names: readonly string[]) => void announced.push(...names),
    listen: async () => ({ close: async () => {} }),
  }
  return { announced, ...(await createTestClientele({ storage, plugins: [notes()], jobs: { driver } })) }
}

eachStorage((storage) => {
  test('20 host transactions upserting one key at once make one row', async () => {
    const { cdp } = await open(storage)
    const rows = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        cdp.hostTransaction((connection) =>
          cdp.join(connection, {}, (t) =>
            t.repo(Note).upsert({ source: 'shop', externalId: 'same', title: `${n}` }),
          ),
        ),
      ),
    )
    expect(new Set(rows.map((row) => row.id)).size).toBe(1)
  })

  test('workers hear of joined jobs when the host has committed, and of none when it has not', async () => {
    const { cdp, announced } = await open(storage)
    const run = (fail: boolean) =>
      cdp.hostTransaction(async (connection) => {
        await cdp.join(connection, {}, (t) => t.enqueue(Ping, {}))
        expect(announced).toEqual([])
        if (fail) throw new Error('payment refused')
      })
    await expect(run(true)).rejects.toThrow('payment refused')
    expect(announced).toEqual([])
    await run(false)
    expect(announced).toEqual(['notes.ping'])
  })

  test('inside a host transaction only what joined it is let through', async () => {
    const { cdp } = await open(storage)
    const { ctx } = cdp.as()
    const insert = () => ctx.tx((t) => t.repo(Note).insert({ title: 'outside' }))
    const outside = [
      insert,
      () => ctx.repo(Note).find(ctx.newId()),
      () => cdp.hostTransaction(async () => {}),
    ]
    for (const attempt of outside) {
      const refused = cdp.hostTransaction<unknown>(attempt)
      await expect(refused).rejects.toMatchObject({ code: 'storage.outer_handle' })
    }
    await cdp.hostTransaction(async (connection) => {
      const joined = cdp.join(connection, {}, () => cdp.hostTransaction(async () => {}))
      await expect(joined).rejects.toMatchObject({ code: 'storage.outer_handle' })
      const again = cdp.join(connection, {}, () => cdp.join(connection, {}, async () => {}))
      await expect(again).rejects.toMatchObject({ code: 'storage.outer_handle' })
      await cdp.join(connection, {}, (t) => t.repo(Note).insert({ title: 'inside' }))
    })
    await insert()
    expect((await ctx.repo(Note).list({ filters: [], sort: [], limit: 9 })).items).toHaveLength(2)
  })
  test('a join that nobody awaits takes the transaction back and writes nothing afterwards', async () => {
    const { cdp } = await open(storage)
    const { promise: committed, resolve: goOn } = Promise.withResolvers<void>()
    let forgotten: Promise<unknown> | undefined
    const failing = cdp.hostTransaction(async (connection) => {
      await new Promise<void>((inside) => {
        forgotten = cdp.join(connection, {}, async (t) => {
          await t.repo(Note).insert({ title: 'before' })
          inside()
          await committed
          await t.repo(Note).insert({ title: 'after' })
        })
        forgotten.catch(() => {})
      })
    })
    await expect(failing).rejects.toMatchObject({ code: 'storage.join_unfinished' })
    goOn()
    await expect(forgotten).rejects.toMatchObject({ code: 'storage.transaction_over' })
    expect((await cdp.as().ctx.repo(Note).list({ filters: [], sort: [], limit: 9 })).items).toEqual([])
  })
  test('a join begun in the last moment is not forgotten either', async () => {
    const { cdp } = await open(storage)
    let forgotten: Promise<unknown> | undefined
    const failing = cdp.hostTransaction(async (connection) => {
      forgotten = cdp.join(connection, {}, (t) => t.repo(Note).insert({ title: 'late' }))
      forgotten.catch(() => {})
    })
    await expect(failing).rejects.toMatchObject({ code: 'storage.join_unfinished' })
    await expect(forgotten).rejects.toMatchObject({ code: 'storage.transaction_over' })
    expect((await cdp.as().ctx.repo(Note).list({ filters: [], sort: [], limit: 9 })).items).toEqual([])
  })
})
