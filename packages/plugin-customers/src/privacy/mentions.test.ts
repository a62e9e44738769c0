import { expect, test } from 'vitest'
import { mentions } from './mentions.ts'

test('a value is found as a word of its own, in any case', () => {
  const isAbout = mentions(['ana@example.com', 'user-4711', '+5511987654321'])
  expect(isAbout('{"email":"Ana@Example.com"}')).toBe(true)
  expect(isAbout('user-4711')).toBe(true)
  expect(isAbout('user-47110')).toBe(false)
  expect(isAbout('liana@example.com')).toBe(false)
  expect(isAbout('liana@example.com, ana@example.com')).toBe(true)
})

test('a short value is found only where it stands alone', () => {
  const isAbout = mentions(['7', ' '])
  expect(isAbout('{"userId":"7"}')).toBe(true)
  expect(isAbout(' 7 ')).toBe(true)
  expect(isAbout('{"price":7,"userId":"77"}')).toBe(false)
  expect(isAbout('')).toBe(false)
})

test('a value is found as JSON writes it too', () => {
  expect(mentions(['"quoted" name'])(JSON.stringify({ userId: '"quoted" name' }))).toBe(true)
})
