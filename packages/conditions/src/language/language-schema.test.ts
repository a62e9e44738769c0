import { col, defineEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { columnConditions } from '../field/column-conditions.ts'
import { traitConditions } from '../field/trait-conditions.ts'
import { languageSchema } from './language-schema.ts'
import { createLanguage } from './language.ts'

const Person = defineEntity('people', {
  country: col.text().nullable().segmentable(),
  city: col.text().nullable().segmentable(),
  born: col.text(z.iso.date()).nullable().segmentable(),
  status: col.enum(['active', 'archived']).segmentable(),
  score: col.integer().nullable().segmentable(),
  weight: col.real().nullable().segmentable(),
  spend: col.amount().default(0).segmentable(),
  vip: col.boolean().default(false).segmentable(),
  seenAt: col.timestamp().nullable().segmentable(),
  traits: col.json(z.record(z.string(), z.json())).default({}).segmentable(),
})
const language = createLanguage(Person, [
  columnConditions('attribute', Person),
  traitConditions('trait', Person, 'traits'),
])
const schema = languageSchema(language)
const validator = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)) as never)

const examples = [...language.types.values()].flatMap((type) => type.examples ?? [])

test('every example is read by the language and meets its schema', () => {
  expect(examples.length).toBeGreaterThan(150)
  for (const example of examples) {
    expect(language.parse(example)).toEqual(example)
    expect(validator.safeParse(example).success, JSON.stringify(example)).toBe(true)
  }
  expect(validator.safeParse({ not: { atLeast: 1, of: examples.slice(0, 3) } }).success).toBe(true)
})

test('every operator of every kind has an example', () => {
  for (const type of language.types.values()) {
    const shown = new Set(examples.filter((one) => one.type === type.name).map((one) => one['operator']))
    // What a JSON column may be asked is shown by traits.
    for (const { operators } of type.editor.fields.filter(({ name }) => name !== 'traits'))
      expect(operators.filter((name) => !shown.has(name))).toEqual([])
  }
})

test.each<[string, object]>([
  ['a field nobody has', { type: 'attribute', field: 'contry', operator: 'isSet' }],
  ['an operator of another kind', { type: 'attribute', field: 'country', operator: 'gt', value: 1 }],
  ['a value of another kind', { type: 'attribute', field: 'score', operator: 'is', value: 'x' }],
  ['a value outside of an enum', { type: 'attribute', field: 'status', operator: 'is', value: 'gone' }],
  ['a value where none is taken', { type: 'attribute', field: 'score', operator: 'isSet', value: 1 }],
  ['a type nobody has', { type: 'atribute', field: 'score', operator: 'isSet' }],
  ['a group of nothing', { every: [] }],
])('%s meets neither schema nor language', (_, condition) => {
  expect(validator.safeParse(condition).success).toBe(false)
  expect(() => language.parse(condition)).toThrow('Cannot read the condition')
})
