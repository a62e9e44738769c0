import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Audience } from '@clientele/plugin-segments'
import { eachStorage } from '@clientele/testing'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { EXAMPLE_DATA } from '../first-run.ts'
import { startTestShop } from '../test-shop.fixture.ts'
import { importFile } from './import-file.ts'

const SLOW = { timeout: 300_000 }

const DECEMBER = { from: '2010-12-01T00:00:00Z', to: '2011-01-01T00:00:00Z' }
const JANUARY = { from: '2011-01-01T00:00:00Z', to: '2011-02-01T00:00:00Z' }
const FEBRUARY = { from: '2011-02-01T00:00:00Z', to: '2011-03-01T00:00:00Z' }

/** What is asked, and the same by hand about one customer. Amounts by hand are pence. */
const RULES: readonly (readonly [object, (one: Person) => boolean])[] = [
  [orders('count', 'gte', 3), ({ orders: all }) => all.length >= 3],
  [{ ...orders('count', 'gte', 2), within: JANUARY }, ({ orders: all }) => during(all, JANUARY).length >= 2],
  [
    { ...orders('grossRevenue', 'gte', 500), within: DECEMBER },
    ({ orders: all }) => total(during(all, DECEMBER)) >= 50_000,
  ],
  [
    { ...orders('revenue', 'lt', 0), within: FEBRUARY },
    ({ orders: all, refunds }) => total(during(all, FEBRUARY)) < total(during(refunds, FEBRUARY)),
  ],
  [
    orders('averageValue', 'between', [100, 300]),
    ({ orders: all }) => {
      const average = Math.round(total(all) / all.length)
      return all.length > 0 && average >= 10_000 && average <= 30_000
    },
  ],
  [
    { ...orders('count', 'is', 0), within: FEBRUARY },
    ({ orders: all }) => during(all, FEBRUARY).length === 0,
  ],
  [
    { ...orders('count', 'gte', 1), where: [{ property: 'country', operator: 'is', value: 'France' }] },
    ({ orders: all }) => all.some((order) => order.country === 'France'),
  ],
  [{ type: 'bought', sku: '85123A' }, (one) => pieces(one, '85123A') > 0],
  [{ not: { type: 'bought', sku: '22423' } }, (one) => pieces(one, '22423') === 0],
  [
    { type: 'bought', sku: '84879', quantity: { operator: 'gte', value: 48 } },
    (one) => pieces(one, '84879') >= 48,
  ],
  [
    { type: 'refunds', field: 'count', operator: 'gte', value: 2, within: JANUARY },
    ({ refunds }) => during(refunds, JANUARY).length >= 2,
  ],
  [
    { type: 'order', which: 'first', field: 'placedAt', operator: 'after', value: FEBRUARY.from },
    ({ orders: all }) => all.length > 0 && all.every((order) => order.at >= Date.parse(FEBRUARY.from)),
  ],
]

eachStorage((kind) => {
  test('rules about orders find whom plain loops over the file find', SLOW, async () => {
    const { shop, storage } = await startTestShop(kind)
    await importFile(shop, storage, EXAMPLE_DATA)
    const { ctx } = shop.as()
    const people = peopleOf(EXAMPLE_DATA)
    for (const [condition, isMet] of RULES) {
      const expected = people.filter(isMet).length
      expect(expected, JSON.stringify(condition)).toBeGreaterThan(0)
      expect(expected, JSON.stringify(condition)).toBeLessThan(people.length)
      expect(await ctx.get(Audience).count(ctx, condition), JSON.stringify(condition)).toBe(expected)
    }
  })
})

function orders(field: string, operator: string, value: unknown): object {
  return { type: 'orders', field, operator, value }
}

interface Dated {
  readonly at: number
  readonly pence: number
}

interface Purchase extends Dated {
  readonly country: string
}

interface Person {
  readonly orders: readonly Purchase[]
  readonly refunds: readonly Dated[]
  readonly pieces: ReadonlyMap<string, number>
}

/** A person while the lines are read. */
interface Gathered {
  readonly orders: Map<string, Purchase>
  readonly refunds: Dated[]
  readonly pieces: Map<string, number>
}

/** The customers of a file, by nothing but loops over its lines. */
function peopleOf(file: string): readonly Person[] {
  const records: string[][] = parse(gunzipSync(readFileSync(file)), { from_line: 2 })
  const people = new Map<string, Gathered>()
  for (const [invoice = '', code = '', , quantity, date, price, customer = '', country = ''] of records) {
    if (customer === '') continue
    const own: Gathered = people.get(customer) ?? { orders: new Map(), refunds: [], pieces: new Map() }
    people.set(customer, own)
    const at = Date.parse(`${date!.replace(' ', 'T')}Z`)
    const pence = Math.round(Number(quantity) * Number(price) * 100)
    if (invoice.startsWith('C')) {
      own.refunds.push({ at, pence: -pence })
      continue
    }
    const before = own.orders.get(invoice) ?? { at, pence: 0, country }
    own.orders.set(invoice, { ...before, pence: before.pence + pence })
    if (Number(quantity) > 0) own.pieces.set(code, (own.pieces.get(code) ?? 0) + Number(quantity))
  }
  return [...people.values()].map((own) => ({ ...own, orders: [...own.orders.values()] }))
}

function during<T extends Dated>(
  rows: readonly T[],
  { from, to }: { from: string; to: string },
): readonly T[] {
  return rows.filter((row) => row.at >= Date.parse(from) && row.at < Date.parse(to))
}

function total(rows: readonly Dated[]): number {
  return rows.reduce((sum, row) => sum + row.pence, 0)
}

function pieces(one: Person, code: string): number {
  return one.pieces.get(code) ?? 0
}
