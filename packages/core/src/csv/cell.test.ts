import { seededRandom } from '@clientele/testing'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { CellProblem, cellOf, moneyOf, valueOf } from './cell.ts'
import { csvFields } from './csv-field.ts'

const Thing = defineEntity(
  'things',
  {
    title: col.text(),
    state: col.enum(['new', '+old', "'kept"]).default('new'),
    count: col.integer().nullable(),
    size: col.real().nullable(),
    sold: col.boolean().default(false),
    at: col.timestamp().nullable(),
    extra: col.json(z.json()).nullable(),
    price: col.money().nullable(),
  },
  { importable: true, softDelete: true },
)

const field = (name: string) => csvFields(Thing).find((one) => one.name === name)!
const read = (name: string, cell: string) => valueOf(field(name), cell)
const reasonOf = (name: string, cell: string) => {
  const value = read(name, cell)
  return value instanceof CellProblem ? value.reason : value
}

const seeded = seededRandom(20_260_101)
const random = () => seeded.number()
const pick = <T>(list: readonly T[]): T => seeded.pick(list)
const whole = (limit: number) => Math.floor((random() - 0.5) * 2 * limit)
const letters = Array.from('\'=+-@\t\r\n,;"ab0 \uFF1D\uFF0B\uFF0D\uFF20\u00e4\u{1F600}')
const text = () => Array.from({ length: Math.floor(random() * 6) }, () => pick(letters)).join('')

const values: Readonly<Record<string, () => unknown>> = {
  id: () => crypto.randomUUID(),
  title: text,
  state: () => pick(['new', '+old', "'kept"]),
  count: () => whole(pick([10, 1e6, Number.MAX_SAFE_INTEGER])),
  size: () => whole(1e6) * 10 ** whole(30) + 0,
  sold: () => random() < 0.5,
  at: () => new Date(Math.floor(random() * 253_402_300_799_999)).toISOString(),
  extra: () => pick<unknown>([text(), [text(), null, whole(9)], { [text()]: text() }, false, whole(1e9)]),
}

describe('the text of a value', () => {
  test.each(Object.keys(values))('is read as the same value: %s', (name) => {
    for (let i = 0; i < 1000; i++) {
      const value = values[name]!()
      expect(read(name, cellOf(field(name), value))).toEqual(value)
    }
  })

  test('is read as the same money, in every currency', () => {
    for (let i = 0; i < 1000; i++) {
      const limit = pick([10, 1e4, Number.MAX_SAFE_INTEGER])
      const money = { amount: whole(limit) + 0, currency: pick(['EUR', 'JPY', 'KWD', 'XXX']) }
      const cells = [field('price'), field('priceCurrency')].map((one) => valueOf(one, cellOf(one, money)))
      expect(moneyOf(cells[0], cells[1])).toEqual(money)
    }
  })

  test('is never a formula, and null is nothing', () => {
    expect(cellOf(field('title'), '=1+1')).toBe("'=1+1")
    expect(cellOf(field('title'), "'=1+1")).toBe("''=1+1")
    expect(cellOf(field('title'), '+49 30 1')).toBe("'+49 30 1")
    expect(cellOf(field('title'), "it's")).toBe("it's")
    expect(cellOf(field('title'), '')).toBe("'")
    expect(cellOf(field('title'), null)).toBe('')
    expect(cellOf(field('count'), -5)).toBe('-5')
    expect(cellOf(field('price'), { amount: -5, currency: 'EUR' })).toBe('-0.05')
  })
})

describe('a cell', () => {
  test('that is empty has no value', () => {
    expect(read('title', '')).toBeUndefined()
    expect(read('count', '  ')).toBeUndefined()
  })

  test('says yes and no in several ways', () => {
    expect(['TRUE', 'yes', '1', 'False', 'no', ' 0 '].map((cell) => read('sold', cell))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('names an instant with or without time and zone', () => {
    expect(read('at', '2026-01-31')).toBe('2026-01-31T00:00:00.000Z')
    expect(read('at', '2026-01-31 09:30')).toBe('2026-01-31T09:30:00.000Z')
    expect(read('at', '2026-01-31T09:30:00+02:00')).toBe('2026-01-31T07:30:00.000Z')
    expect(reasonOf('at', '2026-02-30')).toMatch('is no instant')
    expect(reasonOf('at', '31.01.2026')).toMatch('is no instant')
  })

  test('that does not fit says why', () => {
    expect(reasonOf('count', '1.5')).toBe('is no whole number, such as 1200')
    expect(reasonOf('count', '9007199254740993')).toMatch('is no whole number')
    expect(reasonOf('size', '0x10')).toBe('is no number, such as 12.5')
    expect(reasonOf('sold', 'maybe')).toMatch('is neither true nor false')
    expect(reasonOf('state', 'lost')).toBe("is none of the allowed values, which are new, +old, 'kept")
    expect(reasonOf('extra', '{')).toMatch('is not valid JSON')
    expect(reasonOf('id', 'x')).toMatch('is no UUID')
    expect(reasonOf('price', '19,99')).toBe('is no amount, such as 19.99')
    expect(reasonOf('priceCurrency', 'eur')).toMatch('is no currency')
  })

  test('of money needs its other half and no more digits than the currency has', () => {
    expect(moneyOf('19.9', 'EUR')).toEqual({ amount: 1990, currency: 'EUR' })
    expect(moneyOf('19.990', 'EUR')).toEqual({ amount: 1999, currency: 'EUR' })
    expect(moneyOf('19.999', 'EUR')).toMatchObject({ reason: expect.stringMatching('more than 2 digits') })
    expect(moneyOf('19', undefined)).toMatchObject({ reason: 'has an amount without a currency' })
    expect(moneyOf(undefined, 'EUR')).toMatchObject({ reason: 'has a currency without an amount' })
    expect(moneyOf(undefined, undefined)).toBeUndefined()
  })
})
