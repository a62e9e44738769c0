import { defineErrors } from '@clientele/core'

/** Errors of orders and refunds, each with what to do about it. */
export const ordersErrors = defineErrors({
  'orders.wrong_state': {
    status: 409,
    title: 'Wrong state',
    detail: (p: { number: string; state: string; wanted: string; allowed: readonly string[] }) =>
      `Cannot make order ${p.number} ${p.wanted}: it is ${p.state}, and from there ${
        p.allowed.length ? `allowed are ${p.allowed.join(', ')}` : 'it goes nowhere'
      }`,
  },
  'orders.not_paid': {
    status: 409,
    title: 'Not paid',
    detail: (p: { number: string; state: string; allowed: readonly string[] }) =>
      `Cannot refund order ${p.number}: it is ${p.state}; allowed are ${p.allowed.join(', ')}`,
  },
  'orders.refund_too_large': {
    status: 409,
    title: 'Refund too large',
    detail: (p: { number: string; amount: number; left: number; currency: string }) =>
      `Cannot refund ${p.amount} of order ${p.number}: ${p.left} (minor units of ${p.currency}) is left of what was paid`,
  },
  'orders.amount_too_large': {
    status: 422,
    title: 'Amount too large',
    detail: (p: { amount: number; largest: number }) =>
      `Cannot take an amount of ${p.amount} minor units: it must lie between -${p.largest} and ${p.largest}, in the order's currency and in the reporting currency`,
  },
  'orders.foreign_currency': {
    status: 422,
    title: 'Another currency',
    detail: (p: { currency: string; expected: string }) =>
      `Cannot use ${p.currency} here: the order is in ${p.expected}`,
  },
  'orders.unknown_number': {
    status: 404,
    title: 'No such order',
    detail: (p: { number: string }) => `There is no order with the number "${p.number}"`,
  },
  'orders.incomplete_line': {
    status: 422,
    title: 'Incomplete line',
    detail: (p: { line: number; missing: readonly string[] }) =>
      `Cannot take line ${p.line}: without productId it needs ${p.missing.join(', ')}`,
  },
  'orders.unknown_order': {
    status: 422,
    title: 'Unknown order',
    detail: (p: { source: string; externalId: string; refund: string }) =>
      `Cannot import refund "${p.refund}": there is no order "${p.externalId}" of "${p.source}"; import it first, or leave orderExternalId out`,
  },
})
