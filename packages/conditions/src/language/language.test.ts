import { col, defineEntity, extendEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import type { Facts } from '../facts/facts.ts'
import { columnConditions } from '../field/column-conditions.ts'
import { traitConditions } from '../field/trait-conditions.ts'
import * as z from 'zod'
import { evaluateCondition } from './evaluate.ts'
import { explainCondition } from './explain.ts'
import { createLanguage } from './language.ts'

const Person = defineEntity('people', {
  country: col.text().nullable().segmentable(),
  status: col.enum(['active', 'archived']).default('active').segmentable(),
  secretPlan: col.text().nullable(),
  traits: col.json(z.record(z.string(), z.json())).default({}).segmentable(),
})
const Spend = extendEntity(
  Person,
  'spend',
  { total: col.amount().default(0).segmentable(), lastAt: col.timestamp().nullable().segmentable() },
  { as: 'spend' },
)
const language = createLanguage(Person, [
  columnConditions('attribute', Person),
  columnConditions('spend', Spend),
  traitConditions('trait', Person, 'traits'),
])

const NOW = '2026-03-08T12:00:00.000Z'

function facts(person: object, spend: object = { total: 0, lastAt: null }): Facts {
  return {
    now: Date.parse(NOW),
    currencyDigits: 2,
    timeZone: 'UTC',
    rows: () => [],
    row: (entity) =>
      entity === Person ? { country: null, status: 'active', traits: {}, ...person } : { ...spend },
  }
}

function isMet(condition: unknown, of: Facts): boolean {
  return evaluateCondition(language, language.parse(condition), of)
}

function issuesOf(condition: unknown): readonly string[] {
  try {
    language.parse(condition)
    return []
  } catch (error) {
    const { issues } = (error as { params: { issues: { path: string; message: string }[] } }).params
    return issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

const inBrazil = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }

test.each<[string, unknown, string]>([
  ['a type that is misspelt', { type: 'atribute' }, 'type: unknown type "atribute"; did you mean attribute?'],
  [
    'a field that is misspelt',
    { ...inBrazil, field: 'contry' },
    'field: unknown field "contry"; did you mean country?',
  ],
  [
    'a field that is not segmentable',
    { ...inBrazil, field: 'secretPlan' },
    'field: unknown field "secretPlan"',
  ],
  ['an operator of another kind', { ...inBrazil, operator: 'gt' }, 'operator: unknown operator "gt"'],
  ['a value of the wrong type', { all: [{ ...inBrazil, value: 5 }] }, 'all.0.value: '],
  ['a value outside an enum', { ...inBrazil, field: 'status', value: 'gone' }, 'value: '],
  ['a value where none is taken', { ...inBrazil, operator: 'isSet' }, 'value: "isSet" takes no value'],
  ['a parameter nobody knows', { ...inBrazil, colour: 'red' }, ': Unrecognized key: "colour"'],
  ['a group with two heads', { all: [], any: [] }, ': a "all" group has no "any"'],
  ['no group at all', { every: [] }, ': has neither "type" nor one of'],
  ['a list instead of a group', [inBrazil], ': expected an object'],
  ['more than there are', { atLeast: 2, of: [inBrazil] }, 'atLeast: must be a whole number from 1 to 1'],
  ['a NUL character', { ...inBrazil, value: 'a\0b' }, 'value: must not contain a NUL character'],
])('%s is refused by its place', (_, condition, expected) => {
  expect(issuesOf(condition).join('\n')).toContain(expected)
})

test('every wrong place is named at once', () => {
  expect(issuesOf({ any: [{ type: 'x' }, { not: { ...inBrazil, field: 'y' } }] })).toHaveLength(2)
})

test('depth and size are bounded, also for input made to be slow', () => {
  let deep: unknown = inBrazil
  for (let level = 0; level < 5000; level++) deep = { not: deep }
  expect(issuesOf(deep).join()).toContain('nested deeper than 10')
  expect(issuesOf({ all: Array.from({ length: 100_000 }, () => inBrazil) })).toEqual([
    ': at most 200 groups and rules',
  ])
})

test('an operator with not is the exact complement, also where the value is missing', () => {
  for (const person of [{}, { country: 'BR' }, { country: 'PT' }]) {
    expect(isMet({ ...inBrazil, operator: 'isNot' }, facts(person))).toBe(!isMet(inBrazil, facts(person)))
  }
})

test('what is asked for whole is looked for as writers store it', () => {
  const code = z
    .string()
    .overwrite((text) => (text === 'Brazil' ? 'BR' : text))
    .max(2)
  const Place = defineEntity('places', { country: col.text(code).nullable().segmentable() })
  const places = createLanguage(Place, [columnConditions('attribute', Place)])
  const valueOf = (operator: string, value: unknown) =>
    (places.parse({ ...inBrazil, operator, value }) as { value?: unknown }).value
  expect(valueOf('is', 'Brazil')).toBe('BR')
  expect(valueOf('notIn', ['PT', 'Brazil', 'Elsewhere'])).toEqual(['PT', 'BR', 'Elsewhere'])
  // Nobody writes it: it is found where somebody did all the same.
  expect(valueOf('isNot', 'Elsewhere')).toBe('Elsewhere')
  expect(valueOf('contains', 'Brazil')).toBe('Brazil')
})

test('a trait has the type it was sent with', () => {
  const isTen = { type: 'trait', name: 'age', operator: 'is', value: 10 }
  expect(isMet(isTen, facts({ traits: { age: 10 } }))).toBe(true)
  expect(isMet(isTen, facts({ traits: { age: '10' } }))).toBe(false)
  expect(isMet({ type: 'trait', name: 'toString', operator: 'isSet' }, facts({}))).toBe(false)
})

test('money is asked for in major units', () => {
  const spent = { type: 'spend', field: 'total', operator: 'gte', value: 500 }
  expect(isMet(spent, facts({}, { total: 49_999, lastAt: null }))).toBe(false)
  expect(isMet(spent, facts({}, { total: 50_000, lastAt: null }))).toBe(true)
})

test('a rolling window ends now, is exact to the millisecond, and leaves the future out', () => {
  const recent = { type: 'spend', field: 'lastAt', operator: 'inLast', value: { amount: 7, unit: 'day' } }
  const at = (lastAt: string): boolean => isMet(recent, facts({}, { total: 0, lastAt }))
  expect(at('2026-03-01T12:00:00.000Z')).toBe(true)
  expect(at('2026-03-01T11:59:59.999Z')).toBe(false)
  expect(at(NOW)).toBe(true)
  expect(at('2026-03-08T12:00:00.001Z')).toBe(false)
})

test('an explanation answers every part with the value that decided', () => {
  const condition = language.parse({
    all: [inBrazil, { not: { type: 'trait', name: 'plan', operator: 'is', value: 'free' } }],
  })
  expect(
    explainCondition(language, condition, facts({ country: 'PT', traits: { plan: 'pro' } })),
  ).toMatchObject({
    group: 'all',
    met: false,
    parts: [
      {
        met: false,
        seen: 'PT',
        description: { key: 'conditions.attribute.is', params: { field: 'people.country', value: 'BR' } },
      },
      { group: 'not', met: true, parts: [{ met: false, seen: 'pro' }] },
    ],
  })
})

test('an explanation counts what is met and says when it changes by itself', () => {
  const condition = language.parse({
    atLeast: 1,
    of: [{ type: 'spend', field: 'lastAt', operator: 'inLast', value: { amount: 7, unit: 'day' } }, inBrazil],
  })
  const lastAt = '2026-03-08T00:00:00.000Z'
  expect(explainCondition(language, condition, facts({}, { total: 0, lastAt }))).toMatchObject({
    group: 'atLeast',
    count: 1,
    metParts: 1,
    changesAt: '2026-03-15T00:00:00.001Z',
    parts: [
      { met: true, seen: lastAt, changesAt: '2026-03-15T00:00:00.001Z' },
      { met: false, changesAt: null },
    ],
  })
})

test.each<[string, object, string]>([
  ['a JSON column without a path', { field: 'traits', operator: 'isSet' }, 'path: "traits" is JSON'],
  ['a path into a text', { field: 'country', path: ['a'], operator: 'isSet' }, 'path: "country" is not JSON'],
  [
    'a field of another kind beside it',
    { field: 'country', operator: 'sameAs', value: 'createdAt' },
    'value: unknown field "createdAt"; did you mean status?',
  ],
  [
    'a day that the calendar lacks',
    { field: 'createdAt', operator: 'on', value: '2026-02-30' },
    'value: expected a day that the calendar has',
  ],
  [
    'a name of a JSON value with half a pair',
    { field: 'traits', path: ['\ud800'], operator: 'isSet' },
    'path.0: must not contain',
  ],
  ['a list of mixed kinds', { field: 'traits', path: ['plan'], operator: 'in', value: ['a', 1] }, 'value.'],
  [
    'a value of no kind that the operator compares',
    { field: 'traits', path: ['plan'], operator: 'is', value: null },
    'value: expected a text, a number or a boolean',
  ],
  [
    'an operator about time for an element of a list',
    {
      field: 'traits',
      path: ['visits'],
      operator: 'hasElement',
      value: [{ operator: 'inLast', value: { amount: 1, unit: 'day' } }],
    },
    'value.0.operator: "inLast" moves with time',
  ],
])('%s is refused', (_, rule, expected) => {
  expect(issuesOf({ type: 'attribute', ...rule }).join('\n')).toContain(expected)
})
