import { col, defineEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { columnConditions } from '../field/column-conditions.ts'
import { traitConditions } from '../field/trait-conditions.ts'
import { createLanguage } from './language.ts'
import { structuralAdvice } from './structural-advice.ts'

const Person = defineEntity('people', {
  country: col.text().nullable().segmentable(),
  score: col.integer().nullable().segmentable(),
  seenAt: col.timestamp().nullable().segmentable(),
  traits: col.json(z.record(z.string(), z.json())).default({}).segmentable(),
})
const language = createLanguage(Person, [
  columnConditions('attribute', Person),
  traitConditions('trait', Person, 'traits'),
])

const score = (operator: string, value?: unknown): object => ({
  type: 'attribute',
  field: 'score',
  operator,
  ...(value === undefined ? {} : { value }),
})
const country = (operator: string, value?: unknown): object => ({
  ...score(operator, value),
  field: 'country',
})
const seen = (operator: string, value: unknown): object => ({ ...score(operator, value), field: 'seenAt' })
const age = (operator: string, value: unknown): object => ({ type: 'trait', name: 'age', operator, value })

function adviceOn(condition: unknown): readonly string[] {
  return structuralAdvice(language, language.parse(condition)).map(
    ({ key, path }) => `${path}: ${key.replace('conditions.advice.', '')}`,
  )
}

test.each<[string, object, readonly string[]]>([
  ['more than five and less than three', { all: [score('gt', 5), score('lt', 3)] }, [': impossible']],
  ['between that leaves nothing', { all: [score('between', [1, 3]), score('gt', 3)] }, [': impossible']],
  ['two values at once', { all: [country('is', 'BR'), country('in', ['PT', 'DE'])] }, [': impossible']],
  ['a text that is a number', { all: [age('is', '10'), age('gt', 5)] }, [': impossible']],
  ['missing and yet a value', { all: [country('isNotSet'), country('is', 'BR')] }, [': impossible']],
  ['a rule and its opposite', { all: [score('gt', 5), { not: score('gt', 5) }] }, [': impossible']],
  [
    'an instant before itself',
    {
      all: [seen('after', '2026-02-01T00:00:00Z'), seen('before', '2026-02-01T00:00:00Z')],
    },
    [': impossible'],
  ],
  ['a rule or its opposite', { any: [score('gt', 5), { not: score('gt', 5) }] }, [': always']],
  ['nothing to choose from', { any: [] }, [': nobody']],
  ['nothing to meet', { all: [] }, [': everybody']],
  [
    'more than can be met',
    { atLeast: 2, of: [{ any: [] }, score('gt', 5)] },
    ['of.0: nobody', ': impossible'],
  ],
  ['the same twice', { any: [score('gt', 5), score('gt', 5)] }, ['any.1: duplicate']],
  ['one that the other says', { all: [score('gt', 5), score('gt', 3)] }, ['all.1: redundant']],
  ['set, which equality says', { all: [country('isSet'), country('is', 'BR')] }, ['all.0: redundant']],
  ['deep inside', { not: { all: [{ any: [] }] } }, ['not.all.0: nobody']],
])('%s is told', (_, condition, expected) => {
  expect(adviceOn(condition)).toEqual(expected)
})

test.each<[string, object]>([
  ['ranges that overlap', { all: [score('gt', 3), score('lt', 5)] }],
  ['ranges that touch', { all: [score('gte', 3), score('lte', 3)] }],
  ['one of either', { any: [score('gt', 5), score('lt', 3)] }],
  [
    'different fields',
    { all: [score('is', 5), { ...score('is', 3), type: 'trait', field: undefined, name: 'score' }] },
  ],
  ['negations, which missing values meet', { all: [country('isNot', 'BR'), country('notIn', ['PT'])] }],
  ['days, which depend on the zone', { all: [seen('before', '2026-02-01'), seen('after', '2026-02-01')] }],
])('%s is nothing to warn of', (_, condition) => {
  expect(adviceOn(JSON.parse(JSON.stringify(condition)))).toEqual([])
})
