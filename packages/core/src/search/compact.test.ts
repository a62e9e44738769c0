import { expect, test } from 'vitest'
import { SearchCompact } from './compact.jobs.ts'
import { openPapers, Paper } from './search.fixture.ts'

test('words of removed rows are gone from the index’s own tables once it is compacted', async () => {
  const { t, scope, titles } = await openPapers('sqlite')
  const ids = await scope.tx(async (tx) => {
    const rows = await tx.repo(Paper).insertMany([{ title: 'quokkazebra' }, { title: 'stays' }])
    return rows.map(({ id }) => id)
  })
  const blocks = (): Promise<string> =>
    t.storage.read({ tenantId: '*' }, async (connection) => {
      const sql = 'select block from clientele_search_documents_words_data'
      const { rows } = await connection.execute({ sql, parameters: [] })
      return rows.map(({ block }) => Buffer.from(block as Uint8Array).toString('latin1')).join('\n')
    })
  await scope.tx((tx) => tx.repo(Paper).remove(ids[0]!))
  expect(await blocks()).toContain('zebra')

  await scope.tx((tx) => tx.enqueue(SearchCompact, {}))
  await t.drain()

  expect(await blocks()).not.toContain('zebra')
  expect(await titles('stays')).toEqual(['stays'])
})
