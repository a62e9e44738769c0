import { createHash } from 'node:crypto'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import type { SharedDatabase } from '@clientele/testing'
import { onChange } from '../change/change.ts'
import { createClientele } from '../clientele.ts'
import type { Ctx } from '../context/context.ts'
import { Files } from '../files/files.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { silentLogger } from '../ports/logger.ts'
import { Book, library } from './import.fixture.ts'

/** What a process needs to know to work on the same database; passed as JSON. */
export interface ProcessOptions {
  readonly database: SharedDatabase
  /** Kills itself in the midst of the slice that makes its books as many. */
  readonly dieAt?: number
}

/** An instance with books, whose jobs are soon another's when it dies. */
export function importInstance({ database, dieAt }: ProcessOptions) {
  let made = 0
  const deadly = definePlugin({
    id: 'deadly',
    version: '1.0.0',
    requires: { core: '*' },
    changes: [
      onChange(Book, 'deadly', (changes) => {
        made += changes.length
        if (dieAt !== undefined && made >= dieAt) process.kill(process.pid, 'SIGKILL')
      }),
    ],
  })
  return createClientele({
    storage: 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max: 4 }),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    jobs: { leaseMs: 1500, heartbeatMs: 500, pollMs: 100 },
    plugins:
      dieAt === undefined ? [library()] : ([library(), deadly()] as unknown as [ReturnType<typeof library>]),
  })
}

export type ImportInstance = ReturnType<typeof importInstance>

/** A file of books: every `badEach`-th row has a page count that is none. */
export async function* bookLines(rows: number, badEach: number): AsyncGenerator<string> {
  yield 'externalId,title,isbn,pages,genre,price,priceCurrency\n'
  for (let from = 1; from <= rows; from += 1000) {
    let text = ''
    for (let n = from; n < Math.min(from + 1000, rows + 1); n++) {
      const pages = n % badEach === 0 ? 'many' : String(n)
      text += `${n},"Book, ${n}",isbn-${n},${pages},${n % 3 ? 'novel' : 'poetry'},${n}.50,EUR\n`
    }
    yield text
  }
}

export async function beginImport(instance: ImportInstance, content: AsyncIterable<string>): Promise<string> {
  const { api, ctx } = instance.as()
  const file = { name: 'books.csv', contentType: 'text/csv', permission: 'files:read' }
  const { id: fileId } = await ctx.get(Files).put(ctx, file, content)
  return (await api.library.startImport({ body: { fileId } })).id
}

/** Resolves when the import is in one of the states. */
export async function untilState(instance: ImportInstance, id: string, states: readonly string[]) {
  for (;;) {
    const row = await instance.as().api.core.getImport({ params: { id } })
    if (states.includes(row.state)) return row
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** How many books there are, and a sum over all that they say. */
export async function booksOf(ctx: Ctx): Promise<{ readonly rows: number; readonly sum: string }> {
  const hash = createHash('sha256')
  let rows = 0
  for (let after = ''; ;) {
    const page = (await ctx.db
      .selectFrom('books')
      .select(['externalId', 'title', 'isbn', 'pages', 'genre', 'price', 'priceCurrency', 'version'])
      .where('source', '=', 'csv')
      .where('externalId', '>', after)
      .orderBy('externalId')
      .limit(1000)
      .execute()) as { readonly externalId: string }[]
    if (page.length === 0) return { rows, sum: hash.digest('hex') }
    for (const row of page) hash.update(JSON.stringify(row))
    rows += page.length
    after = page.at(-1)!.externalId
  }
}

// As a program: works on imports until it is killed.
if (process.argv[1] === import.meta.filename) {
  await importInstance(JSON.parse(process.argv[2]!) as ProcessOptions).start()
}
