import { expect, test } from 'vitest'
import { gatherInvoices, isProductCode, type Invoice } from './invoice.ts'
import type { Row } from './read-rows.ts'

test('rows are gathered although another invoice was typed in between', async () => {
  const invoices = await gather([row('1', '10:00'), row('2', '10:01'), row('1', '10:02'), row('3', '11:00')])
  expect(invoices.map((one) => [one.number, one.rows.length])).toEqual([
    ['1', 2],
    ['2', 1],
    ['3', 1],
  ])
})

test('an invoice that goes on much later is an error, not a second invoice', async () => {
  const rows = [row('1', '10:00'), row('2', '12:00'), row('1', '13:00')]
  await expect(gather(rows)).rejects.toThrow(/invoice 1: its rows lie apart/)
})

test.each([
  ['a sale', row('1', '10:00'), 'order'],
  ['a free gift to a customer', row('1', '10:00', { price: 0 }), 'order'],
  ['a cancellation', row('C1', '10:00', { quantity: -1 }), 'refund'],
  ['bad debt', row('A1', '10:00', { code: 'B', customer: null }), 'adjustment'],
  ['goods thrown away', row('1', '10:00', { customer: null, price: 0, quantity: -3 }), 'correction'],
  ['goods found', row('1', '10:00', { customer: null, price: 0 }), 'correction'],
  ['free postage of a guest', row('1', '10:00', { customer: null, price: 0, code: 'POST' }), 'order'],
])('%s', async (_, given, kind) => {
  expect((await gather([given])).map((one) => one.kind)).toEqual([kind])
})

test('goods have codes of five digits and up to two letters', () => {
  expect(['84879', '85123A', '85123a', '15056BL'].every(isProductCode)).toBe(true)
  expect(['POST', 'C2', 'DCGS0076', 'gift_0001_40', '8487'].some(isProductCode)).toBe(false)
})

function row(invoice: string, time: string, more: Partial<Row> = {}): Row {
  const at = `2011-01-01T${time}:00.000Z`
  const sold = { code: '84879', description: 'BIRD', quantity: 1, price: 1.69, customer: '12345' }
  return { invoice, at, country: 'France', ...sold, ...more }
}

async function gather(rows: readonly Row[]): Promise<Invoice[]> {
  const given = (async function* () {
    yield* rows
  })()
  const invoices: Invoice[] = []
  for await (const invoice of gatherInvoices(given)) invoices.push(invoice)
  return invoices
}
