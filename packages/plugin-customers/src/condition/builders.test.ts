import { ConditionTypes, createLanguage, where } from '@clientele/conditions'
import {
  activity,
  consent,
  consented,
  Customer,
  customer,
  customers,
  defineCustomerEvent,
  defineTraits,
  firstEvent,
  lastEvent,
  performed,
  reachableBy,
  sampled,
  sequence,
  tagged,
  trait,
} from '@clientele/plugin-customers'
import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

const ProductViewed = defineCustomerEvent('Product Viewed', z.object({ sku: z.string(), price: z.number() }))
const ShopTraits = defineTraits({ plan: z.enum(['free', 'pro']) })

test('what is built is what the language reads', async () => {
  const shop = await createTestClientele({ plugins: [customers()] })
  const language = createLanguage(Customer, shop.as().ctx.extensions(ConditionTypes))
  const read = (built: unknown) => language.parse(JSON.parse(JSON.stringify(built)))

  expect(
    read(where(customer.country).is('BR').and(performed('order.placed').atLeast(3).within('90d'))),
  ).toEqual({
    all: [
      { type: 'attribute', field: 'country', operator: 'is', value: 'BR' },
      {
        type: 'event',
        name: 'order.placed',
        count: { operator: 'gte', value: 3 },
        within: { last: { amount: 90, unit: 'day' } },
      },
    ],
  })
  expect(
    read(
      performed(ProductViewed)
        .where(({ price, sku }) => [price.gte(10), sku.is('T')])
        .never(),
    ),
  ).toEqual({
    type: 'event',
    name: 'Product Viewed',
    where: [
      { property: 'price', operator: 'gte', value: 10 },
      { property: 'sku', operator: 'is', value: 'T' },
    ],
    count: { operator: 'is', value: 0 },
  })
  const others = [
    performed(['a', 'b']).between(1, 2).or(performed('c').exactly(1), performed('d').atMost(4)),
    performed('Order Completed').within('52w').sum('revenue').gte(500),
    performed(ProductViewed).countDistinct('sku').between(2, 5),
    performed('order.placed').regularly(4, { calendar: 'month', from: -6, to: -1 }),
    performed('order.placed').stopped('90d').not(),
    performed('order.placed').lessThanAgo('2h'),
    performed('order.placed').returnedAfter('90d', '2w'),
    firstEvent('order.placed').within({ calendar: 'year', from: 0, to: 0 }),
    lastEvent(ProductViewed).where(({ price }) => price.lt(5)),
    sequence(
      'a',
      performed(ProductViewed).where(({ sku }) => sku.is('T')),
      'c',
    )
      .inside('1h')
      .without('d')
      .within('7d'),
    consented('marketing', 'email').since('30d'),
    consent('unknown', 'profiling'),
    reachableBy('sms', 'partner-offers'),
    tagged('vip', 'press'),
    sampled(12.5, 'spring'),
    trait(ShopTraits, 'plan').is('pro').and(trait('shoe size').gte(42)),
    activity.lastSeenAt.inLast('7d'),
  ]
  for (const built of others) expect(read(built)).toEqual(JSON.parse(JSON.stringify(built)))
})

test('rules about an event that are no rules about its properties are refused', () => {
  expect(() => performed('a').where(({ b }) => b!.is(1).and(b!.is(2)))).toThrow('a list of them for several')
})
