import { eachStorage } from '@clientele/testing'
import { describe, expect, test } from 'vitest'
import { onChange } from '../change/change.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { Book, libraryInstance } from './import.fixture.ts'

eachStorage((storage) => {
  describe('what a row may not hold refuses that row only:', () => {
    test('a NUL, told in a way that every database keeps', async () => {
      const t = await libraryInstance(storage)
      const row = await t.importText('title,isbn\ngood,1\nS\0o,2\nalso good,"3\0"\n,4\n')
      expect(row).toMatchObject({ state: 'done', inserted: 1, failed: 3 })
      expect(await t.errorsOf(row.id)).toContain('S\uFFFDo,2,3,title,S\uFFFDo,must not hold a NUL character')
    })

    test('JSON that nests deeper, or holds more, than the API takes', async () => {
      const t = await libraryInstance(storage)
      const deep = '['.repeat(100_000) + ']'.repeat(100_000)
      const row = await t.importText(
        [
          'title,extra',
          `deep,"{""a"":${deep}}"`,
          'huge,"{""a"":1e999}"',
          'nul,"{""a"":""\\u0000""}"',
          'good,"{""a"":[1]}"',
        ].join('\n'),
      )
      expect(row).toMatchObject({ state: 'done', inserted: 1, failed: 3 })
      const errors = await t.errorsOf(row.id)
      expect(errors).toContain('it nests deeper than 100 levels')
      expect(errors).toContain('holds what no row can: a is a number too large')
      expect(errors).toContain('holds what no row can: a holds a NUL character')
    })
  })

  describe('a file that is no table is refused in few words:', () => {
    test('one of another kind', async () => {
      const t = await libraryInstance(storage)
      const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0,'), Buffer.alloc(100_000, 'ab\n,')])
      const fileId = await t.upload(zip, 'books.xlsx.csv')
      const response = await t.fetch('/api/v1/books/import/preview', { method: 'POST', body: { fileId } })
      expect(response.status).toBe(422)
      expect(response.json.detail).toContain('its first line holds NUL characters, so it is no text')
    })

    test('one with ten thousand columns', async () => {
      const t = await libraryInstance(storage)
      const fileId = await t.upload(`title${',x'.repeat(9999)}\n1\n`)
      const response = await t.fetch('/api/v1/books/import', { method: 'POST', body: { fileId } })
      expect(response.json.detail).toContain('10000 columns, and no more than 1000 can be imported')
    })

    test('one of which no column is known, with a mapping of names that it does not have', async () => {
      const t = await libraryInstance(storage)
      const fileId = await t.upload(
        `title,${Array.from({ length: 900 }, (_, i) => `${'c'.repeat(200)}${i}`).join()}\n1\n`,
      )
      const mapping = Object.fromEntries(
        Array.from({ length: 20_000 }, (_, i) => [`no such ${i}`, 'nothing']),
      )
      for (const path of ['/api/v1/books/import', '/api/v1/books/import/preview']) {
        const response = await t.fetch(path, { method: 'POST', body: { fileId, mapping } })
        expect(response.text.includes('and 20850 more')).toBe(true)
        expect(response.text.length).toBeLessThan(1_000_000)
      }
    })
  })

  test('long rows share a transaction with few others', async () => {
    const t = await libraryInstance(storage)
    const long = 'x'.repeat(1_000_000)
    const row = await t.importText(
      `title,isbn\n${Array.from({ length: 10 }, (_, i) => `${long},${i}`).join('\n')}\n`,
    )
    expect(row).toMatchObject({ state: 'done', failed: 10, slices: 5 })
  })

  test('one row by several imports at once is made by one, and there for the others', async () => {
    const t = await libraryInstance(storage)
    for (let i = 0; i < 10; i++) {
      const fileId = await t.upload(`externalId,title,isbn\n${i},title,${i}\n`)
      const body = { fileId }
      const begun = await Promise.all([1, 2, 3].map(() => t.api.library.startImport({ body })))
      await Promise.all([t.drain(), t.drain(), t.drain()])
      const rows = await Promise.all(begun.map(({ id }) => t.api.core.getImport({ params: { id } })))
      expect(
        rows.map(({ inserted, unchanged }) => [inserted, unchanged]).toSorted(([a = 0], [b = 0]) => a - b),
      ).toEqual([
        [0, 1],
        [0, 1],
        [1, 0],
      ])
    }
  })

  describe('an undo keeps what can no longer be set back:', () => {
    test('a value that somebody else has taken', async () => {
      const t = await libraryInstance(storage)
      await t.importText('externalId,title,isbn\n1,one,a\n2,two,b\n3,three,c\n')
      const row = await t.importText('externalId,title,isbn\n1,ONE,x\n2,TWO,y\n3,THREE,z\n4,FOUR,w\n')
      await t.api.library.create({ body: { title: 'other', isbn: 'b' } })
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      expect(await t.api.core.getImport({ params: { id: row.id } })).toMatchObject({
        state: 'undone',
        undone: 3,
        kept: 1,
      })
      expect((await t.books()).map(({ title, isbn }) => [title, isbn])).toEqual([
        ['one', 'a'],
        ['TWO', 'y'],
        ['three', 'c'],
        ['other', 'b'],
      ])
    })

    test('nothing, when the server fails; then it can be asked for again', async () => {
      let isBroken = true
      const broken = definePlugin({
        id: 'broken',
        version: '1.0.0',
        requires: { core: '*' },
        changes: [
          onChange(Book, 'broken', async (changes) => {
            if (isBroken && changes.some(({ kind }) => kind === 'remove'))
              throw coreErrors['storage.busy']({ waitedMs: 1 })
          }),
        ],
      })
      const t = await libraryInstance(storage, [broken()])
      const { id } = await t.importText('title\none\n')
      const state = async () => (await t.api.core.getImport({ params: { id } })).state
      await t.api.core.undoImport({ params: { id } })
      for (let attempt = 0; attempt < 12 && (await state()) === 'undoing'; attempt++) {
        await t.drain()
        t.clock.advance('1d')
      }
      expect(await state()).toBe('failed')
      isBroken = false
      await t.api.core.undoImport({ params: { id } })
      await t.drain()
      expect(await state()).toBe('undone')
      expect(await t.books()).toEqual([])
    })

    test('what a subscriber does not let go', async () => {
      const guard = definePlugin({
        id: 'guard',
        version: '1.0.0',
        requires: { core: '*' },
        changes: [
          onChange(Book, 'guard', async (changes) => {
            if (changes.some(({ before }) => before?.title.startsWith('KEPT')))
              throw new Error('it is on loan')
          }),
        ],
      })
      const t = await libraryInstance(storage, [guard()])
      await t.importText('externalId,title\n1,one\n2,two\n')
      const row = await t.importText('externalId,title\n1,KEPT one\n2,TWO\n3,KEPT three\n4,four\n5,five\n')
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      const undone = await t.api.core.getImport({ params: { id: row.id } })
      expect(undone).toMatchObject({ state: 'undone', undone: 3, kept: 2 })
      const { text } = await t.fetch(`/api/v1/files/${undone.undoFileId!}/content`)
      expect(text).toContain('cannot be set back: Error: it is on loan')
      expect(text).toContain('cannot be removed: Error: it is on loan')
    })
  })
})
