import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import { AT, ids, Line, Order, orders, schemaBench } from './schema-bench.fixture.ts'
import { registryOf } from './schema-registry.fixture.ts'

eachStorage((kind) => {
  test('a table comes with its keys and indexes', async () => {
    const { migrate, drift } = await schemaBench(kind)

    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })

    expect(await drift(Order, Line)).toEqual([])
    expect(await drift(Order)).toContainEqual(expect.stringMatching(/^no entity says .*lines.*: column note/))
  })

  test('an extension gets a row for each row of its base', async () => {
    const Score = extendEntity(
      Order,
      'orderScores',
      {
        score: col.integer().default(7),
        label: col.text().nullable(),
        worth: col.money().default({ amount: 250, currency: 'EUR' }),
        seenAt: col.timestamp().default(() => AT),
        tags: col.json(z.array(z.string())).default(['new']),
      },
      { as: 'score' },
    )
    const { migrate, drift, insert, select } = await schemaBench(kind, Order, Score)
    await migrate((m) => m.createTable(Order))
    await insert(Order, orders)

    await migrate((m) => m.createTable(Score))

    const rows = await select('SELECT * FROM clientele_order_scores ORDER BY id')
    const row = {
      tenantId: 'default',
      version: 1,
      createdAt: AT,
      updatedAt: AT,
      score: 7,
      label: null,
      worth: 250,
      worthCurrency: 'EUR',
      seenAt: AT,
      tags: ['new'],
    }
    expect(rows).toEqual(ids.map((id) => ({ ...row, id })))
    expect(await drift(Order, Score)).toEqual([])
  })

  test('names longer than the database keeps stay apart', async () => {
    const long = 'aVeryLongNameForAColumnThatHoldsNothingOfUse'
    const columns = { [`${long}One`]: col.text().index(), [`${long}Two`]: col.text().index() }
    const Long = defineEntity('aTableWithANameSoLongThatNoDatabaseWantsToKeepAllOfIt', columns)
    const Longer = defineEntity(`${Long.name}Either`, {
      longId: col.ref(() => Long, { onDelete: 'cascade' }),
    })
    const { storage, migrate, drift } = await schemaBench(kind)

    await migrate(async (m) => {
      await m.createTable(Long)
      await m.createTable(Longer)
    })

    expect(await drift(Long, Longer)).toEqual([])
    const tables = registryOf([{ id: 'shop', entities: [Long, Longer] }]).tables
    expect([...tables.keys()].map((name) => name.length)).toEqual([63, 63])
    await migrate((m) => m.dropIndex(Long.name, { on: [`${long}One`] }))
    const indexes = (await storage.describeSchema('clientele_'))
      .match(/index .*/g)!
      .filter((line) => line.includes('nothing_of_use'))
    expect(indexes).toEqual([expect.stringContaining('nothing_of_use_two)')])
  })

  test('a table that another one refers to is not dropped', async () => {
    const { migrate } = await schemaBench(kind)
    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })

    await expect(migrate((m) => m.dropTable('orders'))).rejects.toThrow(
      '"clientele_lines" refers to "clientele_orders"',
    )
  })

  test('data moves by queries over physical names and by plain SQL', async () => {
    const { migrate, insert } = await schemaBench(kind, Order)
    await migrate((m) => m.createTable(Order))
    await insert(Order, orders)

    const seen = await migrate(async (m) => {
      await m.db
        .updateTable('clientele_orders')
        .set({ number: 'B-1', updated_at: m.value('timestamp', '2026-02-01T00:00:00.000Z') })
        .where('id', '=', m.value('uuid', ids[1]))
        .execute()
      await m.execute(
        `UPDATE {prefix}orders SET number = $1 || ' is not $2' WHERE number = $2 OR number = $1`,
        ['C', 'A-0'],
      )
      return m.db.selectFrom('clientele_orders').select(['number', 'updated_at']).orderBy('id').execute()
    })

    expect(seen).toEqual([
      { number: 'C is not $2', updated_at: AT },
      { number: 'B-1', updated_at: '2026-02-01T00:00:00.000Z' },
    ])
  })
})
