import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

/** What a customer's metrics must be. */
export interface ExpectedMetrics {
  readonly orderCount: number
  readonly grossSpend: number
  readonly totalSpend: number
}

/** The facts of a file by plain loops over all of it: nothing of the importer is used. */
export interface Expected {
  readonly rows: number
  readonly customers: number
  readonly orders: number
  readonly gross: number
  readonly metrics: ReadonlyMap<string, ExpectedMetrics>
}

export function factsOf(file: string): Expected {
  const text = file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)
  const records: string[][] = parse(text, { from_line: 2 })
  const customers = new Set<string>()
  const orders = new Set<string>()
  const byCustomer = new Map<string, { invoices: Set<string>; gross: number; refunded: number }>()
  let gross = 0
  for (const [invoice = '', , , quantity, , price, customer = ''] of records) {
    const pence = Math.round(Number(quantity) * Number(price) * 100)
    if (customer === '') continue
    const own = byCustomer.get(customer) ?? { invoices: new Set(), gross: 0, refunded: 0 }
    byCustomer.set(customer, own)
    if (invoice.startsWith('C')) own.refunded -= pence
    else {
      own.invoices.add(invoice)
      own.gross += pence
    }
    if (Number(quantity) <= 0 || Number(price) <= 0) continue
    customers.add(customer)
    orders.add(invoice)
    gross += pence
  }
  const metrics = new Map(
    [...byCustomer].map(([customer, own]) => [
      customer.replace('.0', ''),
      { orderCount: own.invoices.size, grossSpend: own.gross, totalSpend: own.gross - own.refunded },
    ]),
  )
  return { rows: records.length, customers: customers.size, orders: orders.size, gross: gross / 100, metrics }
}
