import * as z from 'zod'

const tier = z.object({
  name: z.string().min(1).max(50),
  minSpend: z
    .number()
    .int()
    .min(0)
    .describe('Least total spend, in minor units of the reporting currency: 50000 is 500.00'),
})

export const ordersOptions = z.object({
  tiers: z
    .array(tier)
    .max(20)
    .refine((tiers) => new Set(tiers.map((one) => one.name)).size === tiers.length, 'tier names must differ')
    .default([
      { name: 'bronze', minSpend: 0 },
      { name: 'silver', minSpend: 50_000 },
      { name: 'gold', minSpend: 200_000 },
      { name: 'platinum', minSpend: 1_000_000 },
    ])
    .describe('A customer with an order has the tier of the highest spend they reach'),
  firstNumber: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(1001)
    .describe('The number of a tenant’s first order; the next ones count up'),
})

/** What a host sets: `orders({ tiers: [{ name: 'gold', minSpend: 100_000 }] })`. */
export type OrdersOptions = z.input<typeof ordersOptions>
export type OrdersConfig = z.output<typeof ordersOptions>
export type Tier = z.output<typeof tier>
