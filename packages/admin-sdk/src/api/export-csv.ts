import { saveFile } from './save-file.ts'

/** One column of a file that is made in the browser. */
export interface CsvColumn<R> {
  readonly label: string
  readonly value: (row: R) => string | number | boolean | null | undefined
}

/**
 * Saves rows that the page has as a CSV file: RFC 4180, UTF-8, with the mark that Excel needs. For rows of an entity use
 * its export: that has all of them.
 *
 * @param name of the file: `top-customers.csv`
 */
export function exportCsv<R>(name: string, columns: readonly CsvColumn<R>[], rows: readonly R[]): void {
  saveFile(name, new Blob(['\ufeff', csvOf(columns, rows)], { type: 'text/csv' }))
}

/** The text of the file. */
export function csvOf<R>(columns: readonly CsvColumn<R>[], rows: readonly R[]): string {
  const lines = [
    columns.map(({ label }) => cell(label)),
    ...rows.map((row) => columns.map(({ value }) => cell(value(row)))),
  ]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  // A spreadsheet would run what looks like a formula.
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
