import { expect, test } from 'vitest'
import { matchesWildcards } from './wildcards.ts'

test.each([
  ['', '', true],
  ['', '*', true],
  ['', '?', false],
  ['a', '', false],
  ['abc', 'abc', true],
  ['abc', 'ab', false],
  ['abc', 'a*c*', true],
  ['abc', '**b**', true],
  ['aab', '*ab', true],
  ['abab', 'ab?b', true],
  ['a\nb', 'a?b', true],
  ['a\u2028b', 'a*b', true],
  ['😀', '?', true],
  ['😀', '??', false],
  ['a.b', 'a.b', true],
  ['axb', 'a.b', false],
  ['\\', '\\', true],
])('%j is like %j: %s', (text, pattern, expected) => {
  expect(matchesWildcards(text, pattern)).toBe(expected)
})

test('it agrees with a regular expression on all short texts and patterns', () => {
  for (const pattern of wordsOf(['a', 'b', '*', '?'], 4)) {
    const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
    for (const text of wordsOf(['a', 'b'], 5)) {
      expect(matchesWildcards(text, pattern), `${text} like ${pattern}`).toBe(expected.test(text))
    }
  }
})

test('many stars over a long text are answered at once', () => {
  const text = 'a'.repeat(10_000)
  expect(matchesWildcards(text, `${'*a'.repeat(490)}*b`)).toBe(false)
  expect(matchesWildcards(`${text}b`, `${'*a'.repeat(490)}*b`)).toBe(true)
})

/** Every word of at most so many letters. */
function wordsOf(letters: readonly string[], longest: number): readonly string[] {
  if (longest === 0) return ['']
  const shorter = wordsOf(letters, longest - 1)
  return ['', ...letters.flatMap((letter) => shorter.map((rest) => letter + rest))]
}
