import { col, defineEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import { columnConditions } from '../field/column-conditions.ts'
import { createLanguage } from '../language/language.ts'
import { all, any, atLeast, leaf, not } from './built-condition.ts'
import { durationOf, type DurationText } from './built-time.ts'
import { fieldBuilders, where } from './field-builders.ts'
import { bottomBy, percentileBy, topBy } from './ranking-builders.ts'

const Person = defineEntity('people', {
  country: col.text().nullable().segmentable(),
  score: col.integer().nullable().segmentable(),
  born: col.timestamp().nullable().segmentable(),
})
const person = fieldBuilders('attribute', Person)
const language = createLanguage(Person, [columnConditions('attribute', Person)])

test('what is built is the JSON that the language reads', () => {
  const built = where(person.country)
    .is('BR')
    .and(person.score.between(1, 5))
    .and(person.born.inLast('90d'))
    .or(person.country.isNotSet().not())
  expect(language.parse(built)).toEqual({
    any: [
      {
        all: [
          { type: 'attribute', field: 'country', operator: 'is', value: 'BR' },
          { type: 'attribute', field: 'score', operator: 'between', value: [1, 5] },
          { type: 'attribute', field: 'born', operator: 'inLast', value: { amount: 90, unit: 'day' } },
        ],
      },
      { not: { type: 'attribute', field: 'country', operator: 'isNotSet' } },
    ],
  })
  expect(JSON.parse(JSON.stringify(built))).toEqual(language.parse(built))
})

test('groups take plain conditions, too', () => {
  const adult = { type: 'attribute', field: 'born', operator: 'age', value: { from: 18 } }
  const built = all(any(adult, not(leaf(adult))), atLeast(1, person.country.in(['BR', 'PT'])))
  expect(built.toJSON()).toEqual({
    all: [
      { any: [adult, { not: adult }] },
      {
        atLeast: 1,
        of: [{ type: 'attribute', field: 'country', operator: 'in', value: ['BR', 'PT'] }],
      },
    ],
  })
})

test('customers are ranked by a field, or by a question whose comparison is left aside', () => {
  const by = { type: 'attribute', field: 'score' }
  expect(language.parse(topBy(person.score, 10).and(bottomBy(person.score.gt(3), 2).not()))).toEqual({
    all: [
      { type: 'top', by, count: 10, direction: 'highest' },
      { not: { type: 'top', by, count: 2, direction: 'lowest' } },
    ],
  })
  expect(language.parse(percentileBy(by, 90, 100))).toEqual({ type: 'percentile', by, from: 90, to: 100 })
  expect(() => topBy(all(person.score.gt(3)), 1)).toThrow('by a group of questions')
})

test.each<[unknown, string]>([
  [
    { type: 'top', by: { type: 'attribute', field: 'scor' }, count: 1 },
    'unknown number "scor"; did you mean score?',
  ],
  [{ type: 'top', by: { type: 'atribute', field: 'score' }, count: 1 }, 'did you mean attribute?'],
  [{ type: 'top', by: { type: 'attribute', field: 'country' }, count: 1 }, 'did you mean score?'],
  [{ type: 'top', by: { type: 'attribute', field: 'score', operator: 'gt' }, count: 1 }, 'operator'],
  [{ type: 'top', by: { type: 'attribute', field: 'score' }, count: 0 }, '>=1'],
  [
    { type: 'percentile', by: { type: 'attribute', field: 'score' }, from: 50, to: 50 },
    'greater than "from"',
  ],
  [{ type: 'percentile', by: { type: 'attribute', field: 'score' }, from: 0, to: 101 }, '<=100'],
])('the ranking %j is refused', (ranking, message) => {
  expect(() => language.parse(ranking)).toThrow(message)
})

test.each<[string]>([['90'], ['0d'], ['1.5h'], ['-2d'], ['d'], ['7 d'], ['7y']])(
  'the duration %j is refused',
  (text) => {
    expect(() => durationOf(text as DurationText)).toThrow(`Cannot read the duration "${text}"`)
  },
)
