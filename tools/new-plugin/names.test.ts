import { expect, test } from 'vitest'
import { namesOf } from './names.ts'

test.each([
  ['notes', undefined, 'note', 'notes'],
  ['gift-cards', undefined, 'gift-card', 'gift-cards'],
  ['companies', undefined, 'company', 'companies'],
  ['boxes', undefined, 'box', 'boxes'],
  ['addresses', undefined, 'address', 'addresses'],
  ['purchases', undefined, 'purchase', 'purchases'],
  ['loyalty', undefined, 'loyalty', 'loyalties'],
  ['loyalty', 'point', 'point', 'points'],
  ['status', undefined, 'status', 'statuses'],
  ['keys', undefined, 'key', 'keys'],
])('%s (one is %s) has rows like %s, several are %s', (name, given, noun, plural) => {
  const names = namesOf(name, given === undefined ? {} : { noun: given })
  expect([names.noun, names.path]).toEqual([noun, plural])
})

test('the names of code follow from words', () => {
  expect(namesOf('gift-cards')).toMatchObject({
    factory: 'giftCards',
    Noun: 'GiftCard',
    nouns: 'giftCards',
    aOne: 'a gift card',
    Many: 'Gift cards',
    api: "api['gift-cards']",
  })
  expect(namesOf('offers')).toMatchObject({ AOne: 'An offer', api: 'api.offers' })
})
