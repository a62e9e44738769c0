import { expect, test } from 'vitest'
import { defineEntity, type EntityOptions } from './entity.ts'
import { nounsOf } from './nouns.ts'

test.each([
  ['customers', {}, 'customers', 'a customer'],
  ['orderLines', {}, 'order lines', 'an order line'],
  ['categories', {}, 'categories', 'a category'],
  ['boxes', {}, 'boxes', 'a box'],
  ['addresses', {}, 'addresses', 'an address'],
  ['people', { singular: 'person' }, 'people', 'a person'],
] as const)('%s are words, and one of them has a name', (name, options: EntityOptions, many, one) => {
  expect(nounsOf(defineEntity(name, {}, options))).toEqual({ many, one })
})
