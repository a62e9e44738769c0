import * as z from 'zod'

/** An amount of money: integer minor units (cents) and an ISO 4217 code. */
export interface Money {
  readonly amount: number
  readonly currency: string
}

export const moneySchema: z.ZodType<Money, Money> = z
  .object({
    amount: z.number().int().describe('Integer minor units: 1999 is 19.99'),
    currency: z.string().regex(/^[A-Z]{3}$/, 'a three-letter ISO 4217 code in capitals, such as EUR'),
  })
  .describe('Money in integer minor units')

/** Builds a {@link Money}. */
export function money(amount: number, currency: string): Money {
  return { amount, currency }
}
