import { UsageError } from '../usage-error.ts'
import type { Row } from './read-rows.ts'

/**
 * order        goods sold, free ones included
 * refund       an invoice `C…`: given back
 * adjustment   an invoice `A…`: bookkeeping, here of bad debt
 * correction   no sale: goods found, lost or thrown away, without customer and price
 */
export type InvoiceKind = 'order' | 'refund' | 'adjustment' | 'correction'

/** Rows of one number. The position of a row in it, from 1, is its line number. */
export interface Invoice {
  readonly number: string
  readonly kind: InvoiceKind
  readonly at: string
  readonly customer: string | null
  readonly country: string
  readonly rows: readonly Row[]
}

/** How long after its latest row an invoice may get another one, in the file's time: some were typed in over minutes. */
const OPEN_FOR = 30 * 60 * 1000

/**
 * Gathers rows into whole invoices, in the order of their first rows. The file is sorted by time, so only the invoices
 * of the last half hour are held.
 *
 * @throws UsageError when an invoice goes on later than that
 */
export async function* gatherInvoices(rows: AsyncIterable<Row>): AsyncGenerator<Invoice> {
  const open = new Map<string, { rows: Row[]; until: number }>()
  const closed = new Set<string>()
  const close = (number: string, of: readonly Row[]): Invoice => {
    open.delete(number)
    closed.add(number)
    return toInvoice(number, of)
  }
  for await (const row of rows) {
    const now = Date.parse(row.at)
    for (const [number, one] of open) {
      if (one.until > now) break
      yield close(number, one.rows)
    }
    const known = open.get(row.invoice)
    if (known) {
      known.rows.push(row)
      known.until = now + OPEN_FOR
    } else if (closed.has(row.invoice)) {
      throw new UsageError(
        `Cannot import invoice ${row.invoice}: its rows lie apart; sort the file by InvoiceDate`,
      )
    } else open.set(row.invoice, { rows: [row], until: now + OPEN_FOR })
  }
  for (const [number, one] of open) yield close(number, one.rows)
}

/** True for codes of goods. The others are postage, fees, vouchers, samples: lines without a product. */
export function isProductCode(code: string): boolean {
  return /^\d{5}[a-z]{0,2}$/i.test(code)
}

function toInvoice(number: string, rows: readonly Row[]): Invoice {
  const { at, customer, country } = rows[0] as Row
  return { number, kind: kindOf(number, customer, rows), at, customer, country, rows }
}

function kindOf(number: string, customer: string | null, rows: readonly Row[]): InvoiceKind {
  if (number.startsWith('C')) return 'refund'
  if (number.startsWith('A')) return 'adjustment'
  const isCorrection =
    customer === null && rows.every((row) => row.price === 0 && (row.quantity < 0 || isProductCode(row.code)))
  return isCorrection ? 'correction' : 'order'
}
