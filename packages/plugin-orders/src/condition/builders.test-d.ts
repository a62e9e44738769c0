import { percentileBy, topBy, type BuiltCondition } from '@clientele/conditions'
import { expectTypeOf, test } from 'vitest'
import { bought, firstOrder, lastOrder, neverBought, ordered, refundRate, revenue } from './builders.ts'

test('what was bought is one thing', () => {
  expectTypeOf(bought({ sku: 'A' }).atLeast(3).within('90d').and(ordered())).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(neverBought({ category: 'Tea' })).toEqualTypeOf<BuiltCondition>()
  // @ts-expect-error one of product, sku and category
  bought({})
  // @ts-expect-error only one of them
  bought({ sku: 'A', category: 'Tea' })
  // @ts-expect-error a year has no one length
  bought({ sku: 'A' }).within('1y')
})

test('orders and refunds are asked about what they have', () => {
  expectTypeOf(
    ordered().where({ property: 'country', operator: 'is', value: 'BR' }),
  ).toExtend<BuiltCondition>()
  // @ts-expect-error orders have no reason
  ordered().where({ property: 'reason', operator: 'is', value: 'damaged' })
  refundRate().where({ property: 'reason', operator: 'is', value: 'damaged' })
  // @ts-expect-error a number
  revenue().atLeast('500')
  expectTypeOf(lastOrder.placedAt.olderThan('90d')).toEqualTypeOf<BuiltCondition>()
  // @ts-expect-error an order's total has no age
  firstOrder.total.olderThan('90d')
})

test('customers are ranked by numbers alone', () => {
  expectTypeOf(topBy(revenue().within('90d'), 100)).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(percentileBy(refundRate(), 90, 100)).toEqualTypeOf<BuiltCondition>()
  // @ts-expect-error an instant is no number
  topBy(lastOrder.placedAt, 100)
  // @ts-expect-error a country is no number
  topBy(firstOrder.country, 100)
})
