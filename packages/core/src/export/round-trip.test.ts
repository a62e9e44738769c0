import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createTestClientele, eachStorage, seededRandom, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { InsertOf } from '../entity/entity.ts'
import { Files } from '../files/files.ts'
import { Exports } from './exports.ts'
import { Item, shelf } from './export.fixture.ts'

const LONG = process.env['CLIENTELE_LONG'] === '1'
const COUNT = LONG ? 5000 : 700
const FILE = resolve('../shared/data/fuzz/blns/blns.json')
const KEPT = [
  'id',
  'title',
  'note',
  'state',
  'count',
  'size',
  'kept',
  'madeAt',
  'extra',
  'price',
  'priceCurrency',
]
const COLUMNS = [...KEPT, 'source', 'externalId']

const open = (storage: TestStorage) => createTestClientele({ storage, plugins: [shelf()] })

eachStorage((storage) => {
  test(
    'what is exported is imported as the same rows, whatever is in them',
    { timeout: 120_000 },
    async () => {
      const [from, to] = [await open(storage), await open(storage)]
      await from.as().tx((t) => t.repo(Item).insertMany(randomItems(COUNT)))
      const { ctx } = to.as()

      const before = await csvOf(from)
      const { id: fileId } = await ctx
        .get(Files)
        .put(ctx, { name: 'items.csv', permission: 'files:read' }, pieces(before))
      const started = await to.as().api.shelf.startImport({ body: { fileId, key: 'id' } })
      await to.drain()

      const imported = await to.as().api.core.getImport({ params: { id: started.id } })
      expect(imported).toMatchObject({ state: 'done', failed: 0, inserted: COUNT })
      expect(await csvOf(to)).toBe(before)
      expect(await rowsOf(to)).toEqual(await rowsOf(from))
    },
  )
})

async function csvOf(t: Awaited<ReturnType<typeof open>>): Promise<string> {
  const { ctx } = t.as()
  const { content } = await ctx.get(Exports).csv(ctx, 'items', { query: { sort: 'id' }, columns: COLUMNS })
  let text = ''
  for await (const piece of content) text += piece
  return text
}

async function rowsOf(t: Awaited<ReturnType<typeof open>>): Promise<unknown[]> {
  const rows: unknown[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await t
      .as()
      .api.shelf.list({ query: { sort: 'id', limit: 200, ...(cursor ? { cursor } : {}) } })
    for (const { version: _, createdAt: _c, updatedAt: _u, ...row } of page.items) rows.push(row)
    cursor = page.nextCursor
  }
  return rows
}

/** Also within a character. */
async function* pieces(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007)
}

function randomItems(count: number): InsertOf<typeof Item>[] {
  const { pick, maybe, number } = bound(seededRandom(20_260_103))
  const known = [...naughtyStrings(), ...OWN]
  const letters = `'"=+-@\\\t\r\n,;| ab0\uFF1D\uFF0B\uFF0D\uFF20\u00e4\u2028\uFEFF`
    .split('')
    .concat('\u{1F600}')
  const whole = (limit: number): number => Math.floor((number() - 0.5) * 2 * limit) + 0
  const text = (): string =>
    number() < 0.5 ? pick(known) : Array.from({ length: whole(4) + 4 }, () => pick(letters)).join('')
  return Array.from({ length: count }, (_, n) => ({
    title: known[n] ?? text(),
    note: maybe(text),
    state: pick(['new', 'sold', '=odd'] as const),
    count: maybe(() => whole(pick([10, 1e6, Number.MAX_SAFE_INTEGER]))),
    size: maybe(() => whole(1e6) * 10 ** whole(30)),
    kept: number() < 0.5,
    madeAt: maybe(() => new Date(Math.floor(number() * 253_402_300_799_999)).toISOString()),
    extra: maybe(() => ({ [text()]: [text(), null, whole(9)] })),
    price: maybe(() => ({ amount: whole(1e9), currency: pick(['EUR', 'JPY', 'KWD']) })),
    ...(number() < 0.3 ? { source: 'other', externalId: `${n} ${pick(['=1', "'", '"', '\u00e4'])}` } : {}),
  }))
}

function bound(random: ReturnType<typeof seededRandom>) {
  return {
    number: () => random.number(),
    pick: <T>(list: readonly T[]) => random.pick(list),
    maybe: <T>(make: () => T) => random.maybe(make),
  }
}

const OWN = [
  "'",
  "''",
  "'=1",
  '',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '"',
  '""',
  ' x ',
  'null',
  'NULL',
  '-5',
  '+49',
  '\uFEFF',
  '0x10',
  'true',
]

/** Those that a database can hold: without NUL and halves of characters. */
function naughtyStrings(): string[] {
  if (!existsSync(FILE)) {
    console.warn(`NOT RUN: naughty strings, because ${FILE} is not there`)
    return []
  }
  const all = JSON.parse(readFileSync(FILE, 'utf8')) as string[]
  return all.filter((text) => !text.includes('\0') && text.isWellFormed())
}
