import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { Item, shelf } from '../export/export.fixture.ts'
import { run } from './run.ts'

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

const COMPOSITION = `
import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
import { createClientele, silentLogger } from ${source('../index.ts')}
import { shelf } from ${source('../export/export.fixture.ts')}
export const cdp = createClientele({
  storage: sqlite(new URL('./data.db', import.meta.url).pathname),
  plugins: [shelf()],
  tenancy: { mode: 'multi' },
  logger: silentLogger(),
})
`

async function call(...argv: string[]) {
  const cwd = await temporaryFolder()
  await mkdir(join(cwd, 'src'))
  await writeFile(join(cwd, 'src/cdp.ts'), COMPOSITION)
  await fill(join(cwd, 'src/data.db'))
  const written = { stdout: '', stderr: '' }
  const code = await run(['export', '--entry', 'src/cdp.ts', ...argv], {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    cwd,
  })
  return { cwd, code, ...written }
}

test('export writes the chosen rows to stdout, and how far it is to stderr', async () => {
  const answer = await call(
    ...['items', '--tenant', 'a', '--columns', 'title,count', '--sort=-count'],
    ...['--where', 'count.gte=7', '--where', 'count.lt=9'],
  )

  expect(answer).toMatchObject({
    code: 0,
    stdout: 'title,count\r\nitem 8,8\r\nitem 7,7\r\n',
    stderr: '2 rows to write\nWrote 2 rows\n',
  })
})

test('export --out leaves one whole file', async () => {
  const { cwd, code, stdout } = await call(
    'items',
    '--tenant',
    'a',
    '--columns',
    'title',
    '--out',
    'items.csv',
  )

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect((await readFile(join(cwd, 'items.csv'), 'utf8')).split('\r\n').length).toBe(202)
  expect((await readdir(cwd)).toSorted()).toEqual(['items.csv', 'src'])
})

test.for<readonly [argv: readonly string[], code: number, sentence: string]>([
  [['items', '--tenant', 'a', '--columns', 'token'], 1, 'Cannot export the column "token"'],
  [['things', '--tenant', 'a'], 1, 'Cannot export "things": there are items'],
  [['items', '--tenant', 'a', '--where', 'count'], 2, '--where takes FIELD=VALUE'],
  [['items', '--tenant', 'a', '--where', 'size=1'], 1, 'Cannot filter by "size"'],
  [['items', '--tenant', 'a', '--out', 'none/items.csv'], 2, 'there is no folder'],
  [[], 2, 'needs ENTITY'],
])('export %j is answered by one sentence', async ([argv, code, sentence]) => {
  const answer = await call(...argv)

  expect([answer.code, answer.stdout]).toEqual([code, ''])
  expect(answer.stderr).toContain(sentence)
})

async function fill(file: string): Promise<void> {
  const t = await createTestClientele({
    storage: sqlite(file),
    plugins: [shelf()],
    tenancy: { mode: 'multi' },
  })
  const rows = Array.from({ length: 200 }, (_, n) => ({ title: `item ${n}`, count: n }))
  await t.as({ tenantId: 'a' }).tx((tx) => tx.repo(Item).insertMany(rows))
  await t.cdp.stop()
}
