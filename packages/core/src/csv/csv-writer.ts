import { cellOf } from './cell.ts'
import type { CsvField } from './csv-field.ts'

/** A column of a file, and where a record has its value. */
export interface CsvColumn {
  readonly field: CsvField
  readonly key: string
  /** Of an amount of money: where the record has its currency. */
  readonly currencyKey?: string
}

/** What Excel needs to take a file for UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF'

const LINE_END = '\r\n'

/**
 * Writes records as lines by RFC 4180: commas, CRLF, quotes where a cell needs them. Cells are those of `cellOf`, which
 * no spreadsheet takes for a formula. Compiled once for a set of columns, because there are millions of cells:
 * csv-stringify looks at options, types and casts for each of them and takes four times as long.
 */
export function lineWriter(columns: readonly CsvColumn[]): (record: Record<string, unknown>) => string {
  const cells = columns.map(cellWriter)
  const [first, ...others] = cells
  if (!first) return () => LINE_END
  // A line without anything would be no row.
  if (others.length === 0) return (record) => (first(record) || '""') + LINE_END
  return (record) => {
    let line = first(record)
    for (const cell of others) line += `,${cell(record)}`
    return line + LINE_END
  }
}

/** The first line of a file. */
export function headerLine(columns: readonly CsvColumn[]): string {
  return columns.map(({ field }) => quoted(field.name)).join(',') + LINE_END
}

/** A line of cells as they are: nothing keeps a spreadsheet from taking one for a formula. */
export function plainLine(cells: readonly string[]): string {
  return cells.map(quoted).join(',') + LINE_END
}

type WriteCell = (record: Record<string, unknown>) => string

function cellWriter({ field, key, currencyKey }: CsvColumn): WriteCell {
  switch (field.kind) {
    case 'text':
    case 'enum':
    case 'secret':
      return (record) => {
        const value = record[key]
        if (value === null || value === undefined) return ''
        return PLAIN.test(value as string) ? (value as string) : quoted(cellOf(field, value))
      }
    case 'json':
      return (record) => quoted(cellOf(field, record[key]))
    case 'money':
      return (record) => {
        const [amount, currency] =
          currencyKey === undefined ? [0, record[key]] : [record[key], record[currencyKey]]
        if (amount === null || currency === null) return ''
        return cellOf(field, { amount, currency })
      }
    default:
      return (record) => {
        const value = record[key] as string | number | boolean | null | undefined
        return value === null || value === undefined ? '' : String(value)
      }
  }
}

/** Texts that stand in a file as they are: most. Of what it lets pass nothing may need a quote or an apostrophe. */
const PLAIN = /^[^'=+\-@",;\t\r\n\uFF1D\uFF0B\uFF0D\uFF20][^",;\t\r\n]*$/

/** Other separators are quoted too, so that nobody has to guess which one the file has. */
const NEEDS_QUOTES = /[",;\t\r\n]/

function quoted(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
