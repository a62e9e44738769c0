import { seededRandom } from '@clientele/testing'
import { parse } from 'csv-parse/sync'
import * as z from 'zod'
import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { cellOf, valueOf } from './cell.ts'
import { csvFields } from './csv-field.ts'
import { headerLine, lineWriter, type CsvColumn } from './csv-writer.ts'

const Thing = defineEntity('things', {
  title: col.text(),
  state: col.enum(['new', '+old', 'a,b']),
  count: col.integer().nullable(),
  extra: col.json(z.json()).nullable(),
  price: col.money().nullable(),
})
const fields = csvFields(Thing)
const columns: readonly CsvColumn[] = fields.map((field) => ({
  field,
  key: field.name,
  ...(field.part === 'amount' ? { currencyKey: `${field.name}Currency` } : {}),
}))
const chosen = (...names: string[]) => columns.filter(({ field }) => names.includes(field.name))

test('a line is RFC 4180, and no cell is a formula', () => {
  const line = lineWriter(chosen('title', 'count', 'price', 'priceCurrency', 'extra'))

  expect(headerLine(chosen('title', 'price', 'priceCurrency'))).toBe('title,price,priceCurrency\r\n')
  expect(line({ title: 'Ana', count: -5, extra: null, price: -1950, priceCurrency: 'EUR' })).toBe(
    'Ana,-5,,-19.50,EUR\r\n',
  )
  expect(line({ title: '=1+1', count: null, extra: { a: 'b' }, price: null, priceCurrency: null })).toBe(
    `'=1+1,,"{""a"":""b""}",,\r\n`,
  )
  expect(line({ title: 'a "b"\r\nc', count: 0, extra: null, price: 7, priceCurrency: 'JPY' })).toBe(
    '"a ""b""\r\nc",0,,7,JPY\r\n',
  )
  const titles = ['-5', '@x', '\tx', "'", '', 'a;b', 'a\tb', '\uFF1Dx', "it's"]
  expect(titles.map((title) => lineWriter(chosen('title'))({ title }).slice(0, -2))).toEqual([
    ...["'-5", "'@x", `"'\tx"`, "''", "'", '"a;b"', '"a\tb"', "'\uFF1Dx", "it's"],
  ])
})

test('a row of one empty cell is still a row', () => {
  expect(lineWriter(chosen('count'))({ count: null })).toBe('""\r\n')
})

test('whatever texts there are, a reader gets the cells, and the values of them', () => {
  const texts = [...knownTexts(), ...randomTexts(3000)]
  const line = lineWriter(chosen('title', 'state', 'extra'))
  const field = (name: string) => fields.find((one) => one.name === name)!
  const state = (n: number) => ['new', '+old', 'a,b'][n % 3]!

  const file = texts.map((title, n) => line({ title, state: state(n), extra: [title, n] })).join('')
  const read = parse(file, { relaxColumnCount: false })

  expect(read.length).toBe(texts.length)
  texts.forEach((title, n) => {
    const cells = read[n]!
    expect(cells[0]).toBe(cellOf(field('title'), title))
    expect(cells[0]).not.toMatch(/^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/)
    expect(cells.map((cell, at) => valueOf(field(['title', 'state', 'extra'][at]!), cell))).toEqual([
      title,
      state(n),
      [title, n],
    ])
  })
})

/** Texts that people found to break programs. */
function knownTexts(): string[] {
  return [
    "'",
    "''=1",
    '"',
    '""',
    '\n',
    '\r',
    '\r\n',
    ',',
    '\u{1F600}',
    '\uFEFF',
    '\u202Ex',
    ' =1',
    '-0',
    '+49',
    '@SUM(A1)',
    "=cmd|' /C calc'!A0",
  ]
}

function randomTexts(count: number): string[] {
  const random = seededRandom(20_260_102)
  const letters = `'"=+-@\t\r\n,;| ab0\uFF1D\uFF0B\uFF0D\uFF20\u00e4\u2028\uFEFF`
    .split('')
    .concat('\u{1F600}')
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(random.number() * 8) }, () => random.pick(letters)).join(''),
  )
}
