import { eachStorage } from '@clientele/testing'
import { describe, expect, test } from 'vitest'
import { onChange } from '../change/change.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { Book, libraryInstance, Note } from './import.fixture.ts'

eachStorage((storage) => {
  describe('an import', () => {
    test('turns every kind of cell into its value', async () => {
      const t = await libraryInstance(storage)
      const row = await t.importText(
        [
          'Title,ISBN,E-Mail,genre,pages,weight,is signed,printed_at,price,price currency,extra,external ID',
          `"A, b",x-1,Ana@Example.com,poetry,12,0.5,yes,2026-01-31,19.99,EUR,"{""a"":[1]}",7`,
          "'=1+1,,,,,,,,,,,",
        ].join('\n'),
      )
      expect(row).toMatchObject({ state: 'done', read: 2, inserted: 2, failed: 0, key: 'externalId' })
      expect(row.bytesRead).toBe(row.bytesTotal)
      expect(await t.books()).toMatchObject([
        {
          title: 'A, b',
          isbn: 'x-1',
          email: 'ana@example.com',
          genre: 'poetry',
          pages: 12,
          weight: 0.5,
          isSigned: true,
          printedAt: '2026-01-31T00:00:00.000Z',
          price: { amount: 1999, currency: 'EUR' },
          extra: { a: [1] },
          source: 'csv',
          externalId: '7',
        },
        { title: '=1+1', isbn: null, genre: 'novel', isSigned: false, price: null, source: null },
      ])
    })

    test('puts every bad row into the error file, which can be corrected and imported', async () => {
      const t = await libraryInstance(storage)
      await t.importText('title,isbn\nthere,taken\n')
      const ghost = '0199a0c1-0000-7000-8000-000000000000'
      const row = await t.importText(
        [
          'title,isbn,pages,genre,shelfId,price,priceCurrency',
          'good,1,3,,,,',
          ',2,many,crime,,1,',
          '"two\nlines",3,0,,,,',
          'double,taken,,,,,',
          'too short',
          `lost,4,,,${ghost},,`,
          '=good,5,,,,,',
        ].join('\n'),
      )
      expect(row).toMatchObject({ state: 'done', read: 7, inserted: 2, failed: 5 })
      const errors = await t.errorsOf(row.id)
      const lines = errors.split('\r\n')
      expect(lines[0]).toBe(
        'title,isbn,pages,genre,shelfId,price,priceCurrency,import:line,import:column,import:value,import:reason',
      )
      expect(errors).toContain(',2,many,crime,,1,,3,"pages; genre; price; title","many; crime; 1; ",')
      expect(errors).toContain(
        '"is no whole number, such as 1200; is none of the allowed values, which are novel, poetry; has an amount without a currency; must not be empty"',
      )
      expect(errors).toContain(',4,pages,0,')
      expect(errors).toContain('double,taken,,,,,,6,isbn,taken,another row has the same isbn')
      expect(errors).toContain('too short,,,,,,,7,,,"has one cell, and the header has 7"')
      expect(errors).toContain(`,8,shelfId,${ghost},shelfId names a row that does not exist`)
      expect(row.errorFileId).not.toBeNull()

      const mended = errors.replace('double,taken', 'double,fresh').replaceAll(ghost, '')
      const again = await t.importText(mended)
      expect(again).toMatchObject({ state: 'done', read: 5, inserted: 3, failed: 2 })
    })

    test('changes rows that exist by their external id, and leaves alone what says nothing new', async () => {
      const t = await libraryInstance(storage)
      const text = 'externalId,title,pages\n1,one,10\n2,two,20\n'
      await t.importText(text, { source: 'old' })
      expect(await t.importText(text, { source: 'old' })).toMatchObject({
        inserted: 0,
        updated: 0,
        unchanged: 2,
      })
      const row = await t.importText('externalId,title,pages\n2,zwei,\n3,drei,\n3,three,3\n', {
        source: 'old',
      })
      expect(row).toMatchObject({ inserted: 1, updated: 2, unchanged: 0 })
      expect((await t.books()).map(({ title, pages }) => [title, pages])).toEqual([
        ['one', 10],
        ['zwei', 20],
        ['three', 3],
      ])
      const emptied = await t.importText('externalId,title,pages\n2,zwei,\n', {
        source: 'old',
        emptyCells: 'null',
      })
      expect(emptied).toMatchObject({ updated: 1 })
      expect((await t.books())[1]).toMatchObject({ title: 'zwei', pages: null })
    })

    test('finds rows by a unique field when asked to', async () => {
      const t = await libraryInstance(storage)
      await t.importText('isbn,title\na,one\n')
      expect(await t.importText('isbn,title\na,eins\nb,zwei\n', { key: 'isbn' })).toMatchObject({
        inserted: 1,
        updated: 1,
      })
      await expect(t.importText('isbn,title\n', { key: 'title' })).rejects.toThrow(
        'rows can be found by id, isbn, externalId',
      )
    })

    test('refuses a header that does not fit before the first row, with the nearest names', async () => {
      const t = await libraryInstance(storage)
      const refused = t.importText('titel,pages,pgaes,code\nx,1,2,3\n')
      await expect(refused).rejects.toMatchObject({
        code: 'import.header',
        params: {
          problems: [
            'the column "titel" is no field; map it to one or to null: did you mean title?',
            'the column "pgaes" is no field; map it to one or to null: did you mean pages?',
            expect.stringContaining('the column "code" is no field'),
            'no column is mapped to title, which every row needs; did you mean "titel"?',
          ],
        },
      })
      const mapped = { mapping: { titel: 'title', pgaes: null, code: null } }
      expect(await t.importText('titel,pages,pgaes,code\nx,1,2,3\n', mapped)).toMatchObject({ inserted: 1 })
      expect((await t.books())[0]).toMatchObject({ title: 'x', pages: 1 })
    })

    test('tried out writes nothing and finds the same', async () => {
      const t = await libraryInstance(storage)
      await t.importText('title,isbn\nthere,taken\n')
      const row = await t.importText('title,isbn,pages\nnew,1,\nbad,2,x\ndouble,taken,1\n', { dryRun: true })
      expect(row).toMatchObject({ state: 'done', inserted: 1, failed: 2 })
      expect(await t.errorsOf(row.id)).toContain('another row has the same isbn')
      expect(await t.books()).toHaveLength(1)
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      expect(await t.books()).toHaveLength(1)
    })

    test('fails with the line when the file cannot be read on, and what was imported can be undone', async () => {
      const t = await libraryInstance(storage)
      // So long that the beginning, which is looked at first, says nothing of it.
      const fine = Array.from({ length: 2000 }, (_, i) => `book ${i} ${'x'.repeat(150)},1`)
      const row = await t.importText(['title,pages', ...fine, '"open,2', 'lost,3'].join('\n'))
      expect(row).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('line 2002 has a quote that is not closed'),
      })
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      expect(await t.books()).toEqual([])
    })

    test('keeps what a subscriber does not veto', async () => {
      const picky = definePlugin({
        id: 'picky',
        version: '1.0.0',
        requires: { core: '*' },
        dependsOn: [],
        changes: [
          onChange(Book, 'picky', async (changes, tx) => {
            expect(tx.origin).toBe('import')
            for (const { after } of changes)
              if (after?.title === 'forbidden')
                await tx.repo(Book).get('0199a0c1-0000-7000-8000-000000000000')
          }),
        ],
      })
      const t = await libraryInstance(storage, [picky()])
      const row = await t.importText('title\na\nforbidden\nb\n')
      expect(row).toMatchObject({ inserted: 2, failed: 1 })
      expect(await t.errorsOf(row.id)).toContain('forbidden,3,,,')
    })
  })

  describe('an undo', () => {
    test('removes what was inserted and sets back what was changed', async () => {
      const t = await libraryInstance(storage)
      await t.importText('externalId,title,pages\n1,one,10\n2,two,20\n')
      const before = await t.books()
      const row = await t.importText('externalId,title,pages\n1,uno,11\n3,tre,3\n1,ein,12\n3,drei,4\n')
      expect(row).toMatchObject({ inserted: 1, updated: 3 })
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      expect(await t.api.core.getImport({ params: { id: row.id } })).toMatchObject({
        state: 'undone',
        kept: 0,
      })
      const unstamped = ({ version: _, updatedAt: __, ...rest }: (typeof before)[number]) => rest
      expect((await t.books()).map(unstamped)).toEqual(before.map(unstamped))
      expect(await t.importText('externalId,title\n3,again\n')).toMatchObject({ inserted: 1 })
    })

    test('keeps what was changed since or is referred to, and tells', async () => {
      const t = await libraryInstance(storage)
      const old = await t.importText('externalId,title,pages\n0,zero,1\n')
      const row = await t.importText('externalId,title,pages\n0,null,2\n1,a,\n2,b,\n3,c,\n4,d,\n')
      const [zero, a, b, c] = await t.books()
      await t.api.library.update({ params: { id: zero!.id }, body: { pages: 99 } })
      await t.api.library.update({ params: { id: a!.id }, body: { title: 'mine' } })
      await t.ctx.tx((tx) => tx.repo(Note).insert({ bookId: b!.id, text: 'read it' }))
      await t.api.library.remove({ params: { id: c!.id } })
      await t.api.core.undoImport({ params: { id: row.id } })
      await t.drain()
      const undone = await t.api.core.getImport({ params: { id: row.id } })
      expect(undone).toMatchObject({ state: 'undone', kept: 4, undone: 1 })
      expect((await t.books()).map(({ title, pages }) => [title, pages])).toEqual([
        ['zero', 99],
        ['mine', null],
        ['b', null],
      ])
      let report = ''
      for await (const piece of await t.api.core.downloadFile({ params: { id: undone.undoFileId! } }))
        report += Buffer.from(piece as Uint8Array).toString()
      expect(report.split('\r\n').toSorted()).toEqual(
        [
          'id,reason',
          `${zero!.id},pages changed since`,
          `${a!.id},was changed since`,
          `${b!.id},another row refers to it`,
          `${c!.id},was removed since`,
          '',
        ].toSorted(),
      )
      await expect(t.api.core.undoImport({ params: { id: row.id } })).rejects.toMatchObject({
        code: 'import.state',
      })
      expect(old.state).toBe('done')
    })
  })

  describe('cancelling', () => {
    test('ends an import that waits', async () => {
      const t = await libraryInstance(storage)
      const fileId = await t.upload('title\na\n')
      const { id } = await t.api.library.startImport({ body: { fileId } })
      await expect(t.api.core.undoImport({ params: { id } })).rejects.toMatchObject({ code: 'import.state' })
      expect(await t.api.core.cancelImport({ params: { id } })).toMatchObject({ state: 'cancelled' })
      await t.drain()
      expect(await t.books()).toEqual([])
      await expect(t.api.core.cancelImport({ params: { id } })).rejects.toMatchObject({
        code: 'import.state',
      })
    })

    test('ends a running import between two slices; what is there can be undone', async () => {
      const t = await libraryInstance(storage)
      const lines = Array.from({ length: 3000 }, (_, i) => `book ${i},${i === 100 ? 'x' : i + 1}`)
      const fileId = await t.upload(['title,pages', ...lines].join('\n'))
      const { id } = await t.api.library.startImport({ body: { fileId } })
      const job = t.drain()
      const read = async () => (await t.api.core.getImport({ params: { id } })).read
      while ((await read()) === 0) await new Promise((resolve) => setImmediate(resolve))
      const cancelled = await t.api.core.cancelImport({ params: { id } })
      await job
      const row = await t.api.core.getImport({ params: { id } })
      expect(row).toMatchObject({ state: 'cancelled', read: cancelled.read, failed: 1 })
      expect(row.errorFileId).not.toBeNull()
      expect(row.read).toBeLessThan(3000)
      expect((await t.api.library.list({ query: { count: 'exact' } })).total).toBe(row.inserted)
      await t.api.core.undoImport({ params: { id } })
      await t.drain()
      expect(await t.books()).toEqual([])
    })
  })

  test('whoever may not write an entity neither imports it nor sees its imports', async () => {
    const t = await libraryInstance(storage)
    const row = await t.importText('title\na\n')
    const reader = { permissions: ['books:read', 'files:read'] }
    const as = { as: reader }
    const body = { fileId: row.fileId }
    expect((await t.fetch('/api/v1/books/import', { ...as, method: 'POST', body })).status).toBe(403)
    expect((await t.fetch('/api/v1/books/import/preview', { ...as, method: 'POST', body })).status).toBe(403)
    expect((await t.fetch('/api/v1/imports', as)).json.items).toEqual([])
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/errors'],
      ['POST', '/cancel'],
      ['POST', '/undo'],
    ] as const)
      expect((await t.fetch(`/api/v1/imports/${row.id}${path}`, { ...as, method })).status).toBe(404)
    const writer = { as: { permissions: ['books:write'] } }
    expect((await t.fetch('/api/v1/imports', writer)).json.items).toHaveLength(1)
    // A file that one may not download is none to import.
    expect((await t.fetch('/api/v1/books/import', { ...writer, method: 'POST', body })).status).toBe(404)
  })

  test('a preview shows format, mapping and the problems of the first rows', async () => {
    const t = await libraryInstance(storage)
    const text = 'Titel;E-mail;Seiten;genre\nGrößer;kein;12;novel\nb;;;crime\n'
    const fileId = await t.upload(Buffer.from(text, 'latin1'))
    const response = await t.fetch('/api/v1/books/import/preview', { method: 'POST', body: { fileId } })
    expect(response.status).toBe(200)
    expect(response.json).toMatchObject({
      encoding: 'windows-1252',
      delimiter: ';',
      header: ['Titel', 'E-mail', 'Seiten', 'genre'],
      mapping: { Titel: 'title', 'E-mail': 'email', Seiten: null, genre: 'genre' },
      key: null,
      problems: [expect.stringContaining('the column "Seiten" is no field')],
      rows: [
        { line: 2, problems: [{ column: 'E-mail', value: 'kein' }] },
        { line: 3, problems: [{ column: 'genre', value: 'crime' }] },
      ],
    })
    const started = await t.fetch('/api/v1/books/import', {
      method: 'POST',
      body: { fileId, mapping: { ...response.json.mapping } },
    })
    expect(started.status).toBe(202)
    expect(started.headers.get('location')).toBe(`/api/v1/imports/${started.json.id}`)
    await t.drain()
    expect((await t.fetch(started.headers.get('location')!)).json).toMatchObject({ state: 'done', failed: 2 })
  })
})
