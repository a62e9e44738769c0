import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { Ctx } from '../context/context.ts'
import { Book, libraryInstance } from './import.fixture.ts'
import { ImportSlice } from './import.entity.ts'
import { ImportedRows } from './imported-rows.ts'

eachStorage((storage) => {
  test('what imports keep of a row is forgotten, and nothing else', async () => {
    const t = await libraryInstance(storage)
    const [one, other] = await t.as().tx(async (tx) => {
      const rows = await tx.repo(Book).insertMany([{ title: 'First quokka' }, { title: 'Second emu' }])
      return rows.map(({ id }) => id)
    })
    const lines = [`${one},New,ana@example.com`, `${other},New,eva@example.com`, `,,ana@example.com,x`]
    await t.importText(`id,title,email\n${lines.join('\n')}\n`, { key: 'id' })
    const db: Ctx['db'] = t.ctx.db
    const kept = async (): Promise<string> => {
      const slices = await db.selectFrom(ImportSlice.name).select(['patched', 'refused']).execute()
      return JSON.stringify(slices)
    }
    expect(await kept()).toContain('First quokka')

    const forgotten = await t.ctx
      .get(ImportedRows)
      .forget(t.ctx, Book, { ids: [one!], mentions: (cell) => cell === 'ana@example.com' })

    expect(forgotten).toBe(2)
    expect(await kept()).not.toMatch(/quokka|ana@example/)
    expect(await kept()).toContain('Second emu')
  })
})
