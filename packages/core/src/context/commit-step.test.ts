import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { defineCommitStep } from './commit-step.ts'
import type { Ctx } from './context.ts'

const columns = { title: col.text(z.string().min(1)) }
const Note = defineEntity('notes', columns)
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Note],
  migrations: {
    '0001-notes': {
      up: (m) => m.createTable({ name: 'notes', columns }),
      down: (m) => m.dropTable('notes'),
    },
  },
})

async function titles(ctx: Ctx): Promise<string[]> {
  const { items } = await ctx.repo(Note).list({ filters: [], sort: [], limit: 10 })
  return items.map((note) => note.title)
}

/** Writes down, as a note, what was gathered for it. */
const summary = defineCommitStep(
  'notes.summary',
  () => [] as string[],
  async (t, gathered) => void (await t.repo(Note).insert({ title: `${t.origin}: ${gathered.join()}` })),
)

eachStorage((storage) => {
  test('a step runs once before the commit, over what all of the transaction gathered', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const during = await ctx.tx(async (t) => {
      t.beforeCommit(summary).push('a')
      await t.tx(async (inner) => void inner.beforeCommit(summary).push('b'))
      return (await titles(t)).length
    })
    expect(during).toBe(0)
    expect(await titles(ctx)).toEqual(['live: a,b'])
  })

  test('a step may gather for another, and for itself', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const countdown = defineCommitStep(
      'notes.countdown',
      () => [] as number[],
      async (t, [left = 0]) => {
        t.beforeCommit(summary).push(String(left))
        if (left > 0) t.beforeCommit(countdown).push(left - 1)
      },
    )
    await ctx.tx(async (t) => void t.beforeCommit(countdown).push(2))
    expect((await titles(ctx)).toSorted()).toEqual(['live: 0', 'live: 1', 'live: 2'])
  })

  test('a step that throws undoes everything, and a transaction that fails runs none', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const veto = defineCommitStep(
      'notes.veto',
      () => 0,
      () => Promise.reject(new Error('no')),
    )
    const vetoed = ctx.tx(async (t) => {
      await t.repo(Note).insert({ title: 'written' })
      t.beforeCommit(veto)
    })
    await expect(vetoed).rejects.toThrow('no')
    const failed = ctx.tx(async (t) => {
      t.beforeCommit(summary).push('never')
      throw new Error('failed')
    })
    await expect(failed).rejects.toThrow('failed')
    expect(await titles(ctx)).toEqual([])
  })

  test('steps that ask for each other without an end are stopped by name', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const endless = defineCommitStep(
      'notes.endless',
      () => 0,
      async (t) => void t.beforeCommit(endless),
    )
    await expect(ctx.tx(async (t) => void t.beforeCommit(endless))).rejects.toThrow('notes.endless')
  })

  test('on the host’s transaction a step that throws leaves nothing of the joined part', async () => {
    const { cdp, ...test } = await createTestClientele({ storage, plugins: [notes()] })
    const veto = defineCommitStep(
      'notes.veto',
      () => 0,
      () => Promise.reject(new Error('no')),
    )
    await cdp.hostTransaction(async (connection) => {
      const joined = cdp.join(connection, { tenantId: 'default' }, async (t) => {
        await t.repo(Note).insert({ title: 'written' })
        t.beforeCommit(veto)
      })
      await expect(joined).rejects.toThrow('no')
    })
    expect(await titles(test.as().ctx)).toEqual([])
  })
})
