import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { run } from './run.ts'

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

const COMPOSITION = `
import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
import { createClientele, silentLogger } from ${source('../index.ts')}
import { library } from ${source('../import/import.fixture.ts')}
export const cdp = createClientele({
  storage: sqlite(new URL('./data.db', import.meta.url).pathname),
  plugins: [library()],
  logger: silentLogger(),
})
`

async function call(text: string, ...argv: string[]) {
  const cwd = await temporaryFolder()
  await mkdir(join(cwd, 'src'))
  await writeFile(join(cwd, 'src/cdp.ts'), COMPOSITION)
  await writeFile(join(cwd, 'books.csv'), text)
  const written = { stdout: '', stderr: '' }
  const code = await run(['import', '--entry', 'src/cdp.ts', ...argv], {
    stdout: { write: (part) => (written.stdout += part) },
    stderr: { write: (part) => (written.stderr += part) },
    cwd,
  })
  return { cwd, code, ...written }
}

test('import says what became of the rows', async () => {
  const answer = await call('Name;pages\na;1\nb;2\n', 'books', 'books.csv', '--map', 'Name=title')
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  expect(answer.stdout).toMatch(/^Imported 2 rows: 2 inserted, 0 updated, 0 unchanged, 0 refused \(import /)
})

test('import leaves refused rows beside the file and is no success then', async () => {
  const answer = await call(
    'title,pages,Note\na,1,\nb,x,\n',
    'books',
    'books.csv',
    '--map',
    'Note=',
    '--json',
  )
  expect(answer.code).toBe(1)
  expect(answer.stderr).toBe('one row refused; correct them in books-errors.csv and import that file\n')
  const errorFile = join(answer.cwd, 'books-errors.csv')
  expect(JSON.parse(answer.stdout)).toMatchObject({ state: 'done', inserted: 1, failed: 1, errorFile })
  expect(await readFile(errorFile, 'utf8')).toContain('b,x,,3,pages,x,"is no whole number, such as 1200"')
})

test('import --dry-run writes nothing', async () => {
  const answer = await call('title\na\n', 'books', 'books.csv', '--dry-run')
  expect(answer.stdout).toMatch(/^Tried out one row: 1 to insert, 0 to update, 0 unchanged, 0 refused/)
})

test.for<readonly [argv: readonly string[], code: number, sentence: string]>([
  [['books'], 2, '"clientele import" needs FILE'],
  [['books', 'none.csv'], 2, 'There is no file'],
  [['things', 'books.csv'], 2, 'There is no "things" to import into; there are books'],
  [['books', 'books.csv', '--map', 'title'], 2, '--map takes HEADER=FIELD'],
  [['books', 'books.csv', '--delimiter', 'x'], 2, 'Cannot import with delimiter "x"'],
  [['books', 'books.csv', '--encoding', 'morse'], 2, 'Cannot import with encoding "morse"'],
  [['books', 'books.csv', '--key', 'pages'], 2, 'rows can be found by id, isbn, externalId'],
  [['books', 'books.csv', '--map', 'titel=title'], 1, 'the file has no column "titel"; did you mean title?'],
])('%j is told in one sentence', async ([argv, code, sentence]) => {
  const answer = await call('title\na\n', ...argv)
  expect(answer).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) })
})
