import {
  defineCustomerEvent,
  defineTraits,
  type EventOf,
  type TraitName,
  type TraitsOf,
  type TraitValue,
} from '@clientele/plugin-customers'
import { expectTypeOf, test } from 'vitest'
import * as z from 'zod'

const ShopTraits = defineTraits({ plan: z.enum(['free', 'pro']), visits: z.number().int() })
const ProductViewed = defineCustomerEvent(
  'Product Viewed',
  z.object({ sku: z.string(), price: z.number().optional() }),
)

test('traits carry their values', () => {
  expectTypeOf<TraitsOf<typeof ShopTraits>>().toEqualTypeOf<{
    readonly plan?: 'free' | 'pro' | null | undefined
    readonly visits?: number | null | undefined
  }>()
  expectTypeOf<TraitName<typeof ShopTraits>>().toEqualTypeOf<'plan' | 'visits'>()
  expectTypeOf<TraitValue<typeof ShopTraits, 'plan'>>().toEqualTypeOf<'free' | 'pro'>()
  // @ts-expect-error no such plan
  ShopTraits.of({ plan: 'gold' })
  // @ts-expect-error no such trait
  ShopTraits.of({ plam: 'pro' })
})

test('events carry their names and properties', () => {
  expectTypeOf<EventOf<typeof ProductViewed>>().toEqualTypeOf<{ sku: string; price?: number | undefined }>()
  expectTypeOf(ProductViewed.of({ sku: 'TEAPOT' }).name).toEqualTypeOf<'Product Viewed'>()
  // @ts-expect-error a price is a number
  ProductViewed.of({ sku: 'TEAPOT', price: '9.90' })
  // @ts-expect-error the sku is missing
  ProductViewed.of({})
})
