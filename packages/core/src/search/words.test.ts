import { expect, test } from 'vitest'
import { foldText } from './fold-text.ts'
import { readSearch, wordsOf } from './words.ts'

test.each([
  ['São', 'sao'],
  ['SA\u0303O', 'sao'],
  ['Größe', 'grosse'],
  ['GROẞE', 'grosse'],
  ['Łódź', 'lodz'],
  ['Ærøskøbing', 'aeroskobing'],
  ['Đà Nẵng', 'da nang'],
  ['İstanbul', 'istanbul'],
  ['ısı', 'isi'],
  ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
  ['Ёлка', 'елка'],
  ['ﬁ ①２', 'fi 12'],
  ['כָּשֵׁר', 'כשר'],
  ['مُحَمَّد', 'محمد'],
  ['ガラス ｶﾞﾗｽ', 'ガラス ガラス'],
  ['हिन्दी', 'हिन्दी'],
  ['한국어', '한국어'],
])('%s is compared as %s', (text, folded) => {
  expect(foldText(text)).toBe(folded)
})

test('folding what is folded changes nothing, for every character', () => {
  const odd: string[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    const once = foldText(String.fromCodePoint(code))
    if (foldText(once) !== once || /[A-Z]/.test(once)) odd.push(code.toString(16))
  }
  expect(odd).toEqual([])
})

test('a word is a run of letters and digits; each is kept once, whatever the column', () => {
  expect(wordsOf(['Anna-Maria O’Neill', null, 'anna 42b', 7])).toEqual([
    'anna',
    'maria',
    'o',
    'neill',
    '42b',
    '7',
  ])
})

test('an e-mail address is one word, and the words in it', () => {
  expect(wordsOf(['Write to Ana.Maria+x@Shop.example.com.'])).toEqual([
    ...['write', 'to', 'ana', 'maria', 'x', 'shop', 'example', 'com'],
    'ana.maria+x@shop.example.com',
  ])
})

test('a character of a script without spaces is a word of its own', () => {
  expect(wordsOf(['東京タワー3号', 'สวัสดี'])).toEqual(['東', '京', 'タ', 'ワ', 'ー', '3', '号', 'ส', 'วั', 'ดี'])
})

test('words have no character that a database could take for something else', () => {
  const odd: string[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code)
    const words = wordsOf([`a${character}b@c.d`, character])
    if (!words.every((word) => /^[\p{L}\p{N}\p{M}@._%+-]+$/u.test(word))) odd.push(code.toString(16))
  }
  expect(odd).toEqual([])
})

test('the last word of a query is a beginning, the others are whole', () => {
  expect(readSearch('São Pau')).toEqual({ words: ['sao'], prefix: 'pau' })
  expect(readSearch('anna anna')).toEqual({ words: ['anna'], prefix: 'anna' })
  expect(readSearch('meier ana@shop.ex')).toEqual({ words: ['meier'], prefix: 'ana@shop.ex' })
  expect(readSearch('@shop.com')).toEqual({ words: ['shop'], prefix: 'com' })
})

test('a query without a letter or digit is none', () => {
  for (const text of ['', ' ', '*', '"', 'NOT'.replace(/./g, '-'), '☺️', '\0', '\ud83d', '🇩🇪'])
    expect(readSearch(text)).toBeNull()
})

test('long texts are cut: words after 100 characters, documents after 2,000 different words', () => {
  expect(wordsOf(['x'.repeat(10_000)])).toEqual(['x'.repeat(100)])
  expect(wordsOf(['𝟘'.repeat(150)])).toEqual(['0'.repeat(100)])
  const many = Array.from({ length: 5000 }, (_, n) => `w${n}`)
  expect(wordsOf([many.join(' ')])).toEqual(many.slice(0, 2000))
  expect(readSearch(many.join(' '))?.prefix).toBe('w49')
})

test('a long text without an address in it is read in one go', () => {
  expect(wordsOf([`@${'a'.repeat(1_000_000)}`])).toEqual(['a'.repeat(100)])
})

test('an address with a million dots and dashes in it is read in one go', () => {
  const marks = '.-'.repeat(500_000)
  expect(wordsOf([`a@b${marks}c`])).toEqual(['a', 'b', 'c', `a@b${marks}`.slice(0, 100)])
  expect(wordsOf([`a@b${marks}`])).toEqual(['a', 'b', 'a@b'])
})
