import { afterEach, expect, test } from 'vitest'
import { shownNumber, typedNumber } from './typed-number.ts'
import { setLocale } from './words.ts'

afterEach(() => setLocale(null))

test('numbers are read as people of a language type them', () => {
  setLocale('en')
  for (const [text, value] of [
    ['12', 12],
    ['-3.5', -3.5],
    ['1,234', 1234],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['12,5', 12.5],
    ['1.234', 1.234],
    ['1 000', 1000],
    ['1,000,000', 1_000_000],
    ['1e3', 1000],
  ] as const)
    expect([text, typedNumber(text)]).toEqual([text, value])
  setLocale('pt')
  expect(typedNumber('1.234')).toBe(1234)
  expect(typedNumber('1,234')).toBe(1.234)
})

test('what is no number is none', () => {
  for (const text of ['', ' ', 'low', '1x', '--1', '.', ',', '1e', '0x10'])
    expect([text, typedNumber(text)]).toEqual([text, null])
})

test('a number that stands in a field is read as itself', () => {
  for (const language of ['en', 'pt', 'de', 'fr']) {
    setLocale(language)
    for (const value of [0, 1.234, -12.5, 1234, 1_234_567.89, 0.001, 123.456])
      expect(typedNumber(shownNumber(value))).toBe(value)
  }
})
