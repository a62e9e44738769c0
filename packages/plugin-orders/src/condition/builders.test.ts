import { createLanguage, topBy } from '@clientele/conditions'
import { Customer } from '@clientele/plugin-customers'
import { expect, test } from 'vitest'
import { averageOrderValue, bought, grossRevenue, lastOrder, neverBought, ordered } from './builders.ts'
import { refunded, refundedAmount, refundRate, revenue } from './builders.ts'
import { commerceConditions } from './commerce-conditions.ts'

const language = createLanguage(Customer, commerceConditions)

test('what is built is the JSON that the language reads', () => {
  const built = bought({ category: 'Tea' })
    .atLeast(3)
    .within('90d')
    .and(revenue().atLeast(500).within({ calendar: 'year', from: -1, to: -1 }))
    .and(lastOrder.placedAt.olderThan('30d'), neverBought({ sku: 'P3' }))
  expect(language.parse(built)).toEqual({
    all: [
      {
        ...{ type: 'bought', category: 'Tea', quantity: { operator: 'gte', value: 3 } },
        within: { last: { amount: 90, unit: 'day' } },
      },
      {
        ...{ type: 'orders', field: 'revenue', operator: 'gte', value: 500 },
        within: { calendar: 'year', from: -1, to: -1 },
      },
      {
        ...{ type: 'order', which: 'last', field: 'placedAt' },
        ...{ operator: 'olderThan', value: { amount: 30, unit: 'day' } },
      },
      { not: { type: 'bought', sku: 'P3' } },
    ],
  })
})

test('customers are ranked by figures, whatever these are compared with', () => {
  expect(language.parse(topBy(revenue().within('90d'), 100))).toEqual({
    ...{ type: 'top', count: 100, direction: 'highest' },
    by: { type: 'orders', field: 'revenue', within: { last: { amount: 90, unit: 'day' } } },
  })
})

test('every builder makes a question that the language reads', () => {
  const some = [ordered(), grossRevenue(), averageOrderValue(), refunded(), refundedAmount(), refundRate()]
  for (const one of some) expect(language.parse(one)).toEqual(one.toJSON())
  expect(
    language.parse(ordered().where({ property: 'country', operator: 'is', value: 'BR' }).between(1, 3)),
  ).toMatchObject({ operator: 'between', where: [{ property: 'country' }] })
})

test('every example is read as it is', () => {
  for (const { examples = [] } of commerceConditions)
    for (const example of examples) expect(language.parse(example)).toMatchObject({ type: example.type })
})

test.each([
  [
    { type: 'orders', field: 'cuont', operator: 'gte', value: 1 },
    'field: unknown field "cuont"; did you mean count?',
  ],
  [{ type: 'orders', field: 'count', operator: 'contains', value: 1 }, 'unknown operator "contains"'],
  [
    { type: 'orders', field: 'revenue', operator: 'gte', value: '5' },
    'value: Invalid input: expected number',
  ],
  [
    {
      ...{ type: 'orders', field: 'count', operator: 'gte', value: 1 },
      where: [{ property: 'staet', operator: 'is', value: 'paid' }],
    },
    'where.0.property: unknown property "staet"; did you mean state?',
  ],
  [{ type: 'bought' }, 'needs exactly one of "product", "sku" and "category"'],
  [{ type: 'bought', sku: 'a', category: 'b' }, 'needs exactly one of'],
  [{ type: 'bought', sku: 'a', quantity: { operator: 'like', value: 1 } }, 'unknown operator "like"'],
  [{ type: 'order', which: 'first', field: 'totl', operator: 'gte', value: 1 }, 'did you mean total?'],
  [{ type: 'order', which: 'second', field: 'total', operator: 'gte', value: 1 }, 'which: '],
])('%j is refused with the place and the way out', (leaf, message) => {
  expect(() => language.parse(leaf)).toThrow(message)
})
