import { col, defineEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import { columnConditions } from '../field/column-conditions.ts'
import { createLanguage } from '../language/language.ts'
import { all, any, atLeast, leaf, not } from './built-condition.ts'
import { durationOf, type DurationText } from './built-time.ts'
import { fieldBuilders, where } from './field-builders.ts'

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

test.each<[string]>([['90'], ['0d'], ['1.5h'], ['-2d'], ['d'], ['7 d'], ['7y']])(
  'the duration %j is refused',
  (text) => {
    expect(() => durationOf(text as DurationText)).toThrow(`Cannot read the duration "${text}"`)
  },
)
