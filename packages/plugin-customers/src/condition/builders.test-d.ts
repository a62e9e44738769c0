import { where, type BuiltCondition } from '@clientele/conditions'
import {
  consented,
  customer,
  defineCustomerEvent,
  defineTraits,
  performed,
  tagged,
  trait,
} from '@clientele/plugin-customers'
import { expectTypeOf, test } from 'vitest'
import * as z from 'zod'

const ProductViewed = defineCustomerEvent(
  'Product Viewed',
  z.object({ sku: z.string(), price: z.number().optional() }),
)
const ShopTraits = defineTraits({
  plan: z.enum(['free', 'pro']),
  visits: z.number(),
  sizes: z.array(z.string()),
})

test('conditions read as they are said', () => {
  expectTypeOf(
    where(customer.country).is('BR').and(performed('order.placed').atLeast(3).within('90d')),
  ).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(consented('marketing', 'email').and(tagged('vip'))).toEqualTypeOf<BuiltCondition>()
  // @ts-expect-error a status is one of two
  customer.status.is('gone')
  // @ts-expect-error no such column
  customer.contry.is('BR')
  // @ts-expect-error a length of time has a unit
  performed('order.placed').within('90')
})

test('declared traits are known by name and value', () => {
  expectTypeOf(trait(ShopTraits, 'plan').is('pro')).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(trait(ShopTraits, 'visits').gte(3)).toEqualTypeOf<BuiltCondition>()
  expectTypeOf(trait(ShopTraits, 'sizes').includes('M')).toEqualTypeOf<BuiltCondition>()
  // @ts-expect-error no such trait
  trait(ShopTraits, 'plam')
  // @ts-expect-error no such plan
  trait(ShopTraits, 'plan').is('gold')
  // @ts-expect-error a number
  trait(ShopTraits, 'visits').gte('3')
})

test('declared events are known by their properties', () => {
  const expensive = performed(ProductViewed).where(({ sku, price }) => [sku.startsWith('T'), price.gte(10)])
  expectTypeOf(expensive.or(tagged('vip'))).toEqualTypeOf<BuiltCondition>()
  performed(ProductViewed).sum('price').gte(100)
  // @ts-expect-error no such property
  performed(ProductViewed).sum('prize')
  // @ts-expect-error no such property
  performed(ProductViewed).where(({ colour }) => colour.is('red'))
  // @ts-expect-error a price is a number
  performed(ProductViewed).where(({ price }) => price.gte('10'))
})
