import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { Money } from '../entity/money.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Timestamp } from './clock.ts'

/** Where exchange rates come from. An order is converted once, when it is written, and keeps the result. */
export interface RatesService {
  /**
   * How many units of `to` one unit of `from` was worth at that instant; units are whole (euros, not cents).
   * @throws `rates.missing` when it does not know
   */
  rate(ctx: Ctx, from: string, to: string, at: Timestamp): Promise<number> | number
}

/** The service behind conversions; replace it with `overrides: [provide(Rates, …)]`. */
export const Rates = defineService<RatesService>('core.rates')

/**
 * Rates that do not move, for shops with a price list of their own. Without a table it knows equal currencies only.
 *
 * @param table units of each currency that one unit of `base` is worth
 * @example
 * provide(Rates, { factory: () => fixedRates({ base: 'EUR', table: { USD: 1.08, GBP: 0.85 } }) })
 */
export function fixedRates(options?: {
  readonly base: string
  readonly table: Readonly<Record<string, number>>
}): RatesService {
  const worth = (currency: string): number | undefined =>
    currency === options?.base ? 1 : options?.table[currency]
  return {
    rate(_ctx, from, to) {
      const [source, target] = [worth(from), worth(to)]
      if (source === undefined || target === undefined) throw coreErrors['rates.missing']({ from, to })
      return target / source
    },
  }
}

/**
 * Integer minor units of `currency` that the money was worth at that instant; half a unit is rounded up.
 * @throws `rates.missing`
 */
export async function convertMoney(ctx: Ctx, money: Money, currency: string, at: Timestamp): Promise<number> {
  const convert = await moneyConverter(ctx, money.currency, currency, at)
  return convert(money.amount)
}

/**
 * Converts many amounts of one instant: minor units of `from` in, minor units of `to` out.
 * @throws `rates.missing`
 */
export async function moneyConverter(
  ctx: Ctx,
  from: string,
  to: string,
  at: Timestamp,
): Promise<(amount: number) => number> {
  if (from === to) return (amount) => amount
  const rate = await ctx.get(Rates).rate(ctx, from, to, at)
  const factor = rate * 10 ** (minorDigits(to) - minorDigits(from))
  return (amount) => Math.round(amount * factor)
}

/** Making a format takes a good part of a count's own time; there are about 180 currencies. */
const knownDigits = new Map<string, number>()

/** Digits after the point: 2 for EUR, 0 for JPY, 3 for BHD. */
export function minorDigits(currency: string): number {
  const known = knownDigits.get(currency)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  // Also codes that nobody issued are formatted: those are not kept.
  if (Intl.supportedValuesOf('currency').includes(currency)) knownDigits.set(currency, digits)
  return digits
}
