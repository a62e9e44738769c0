import { fmt, fractionDigits, t, typedNumber } from '@clientele/admin-sdk'

/** What somebody typed as an amount: in the smallest unit, or what is wrong with it. */
export type Checked = { readonly minor: number } | { readonly wrong: string }

/** @param left what can still be given back, in the currency's smallest unit */
export function checkAmount(text: string, left: number, currency: string): Checked {
  if (text.trim() === '') return { wrong: t('orders.refund.no_amount') }
  const number = typedNumber(text)
  if (number === null) return { wrong: t('orders.refund.no_number') }
  const digits = fractionDigits(currency)
  const minor = Math.round(number * 10 ** digits)
  if (Math.abs(minor - number * 10 ** digits) > 1e-6)
    return { wrong: t('orders.refund.too_fine', { count: digits, currency }) }
  if (minor <= 0) return { wrong: t('orders.refund.too_small') }
  if (minor > left) return { wrong: tooLarge(left, currency) }
  return { minor }
}

/** That no more is left than so much. */
export function tooLarge(left: number, currency: string): string {
  return t('orders.refund.too_large', { left: fmt.money(left, currency) })
}

/** An amount as it stands in its field: `12.50`. */
export function typedAmount(minor: number, currency: string): string {
  const digits = fractionDigits(currency)
  return fmt.number(minor / 10 ** digits, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}
