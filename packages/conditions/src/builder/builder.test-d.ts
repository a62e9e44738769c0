import { col, defineEntity } from '@clientele/core'
import { expectTypeOf, test } from 'vitest'
import type { BuiltCondition } from './built-condition.ts'
import { fieldBuilders, where } from './field-builders.ts'
import type { QuestionsOf } from './questions.ts'

const Person = defineEntity('people', {
  country: col.text().nullable().segmentable(),
  status: col.enum(['active', 'archived']).segmentable(),
  score: col.integer().segmentable(),
  vip: col.boolean().segmentable(),
  born: col.timestamp().nullable().segmentable(),
  key: col.secret(),
})
const person = fieldBuilders('attribute', Person)

test('a field is asked what its kind allows', () => {
  expectTypeOf(where(person.country).is('BR')).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(person.score.gte(3).and(person.vip.is(true))).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(person.born.within({ calendar: 'month', from: -1, to: -1 })).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(person.createdAt.inLast('7d')).toEqualTypeOf<BuiltCondition>()
  person.status.is('active')
  // @ts-expect-error no such status
  person.status.is('gone')
  // @ts-expect-error no such field
  person.contry.is('BR')
  // @ts-expect-error secrets are not asked about
  person.key.is('x')
  // @ts-expect-error a text has no order
  person.country.gt('A')
  // @ts-expect-error a number
  person.score.is('3')
  // @ts-expect-error a year has no one length
  person.born.inLast('1y')
})

test('values of declared types have the questions that fit them', () => {
  expectTypeOf<Parameters<QuestionsOf<'free' | 'pro' | null>['is']>>().toEqualTypeOf<['free' | 'pro']>()
  expectTypeOf<Parameters<QuestionsOf<number>['gte']>>().toEqualTypeOf<[number]>()
  expectTypeOf<Parameters<QuestionsOf<string[]>['includes']>>().toEqualTypeOf<[string]>()
  expectTypeOf<Parameters<QuestionsOf<boolean>['is']>>().toEqualTypeOf<[boolean]>()
})
