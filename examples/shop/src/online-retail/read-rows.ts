import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { UsageError } from '../usage-error.ts'

/** A line of the file. */
export interface Row {
  readonly invoice: string
  readonly code: string
  /** May be empty. */
  readonly description: string
  readonly quantity: number
  /** The file's wall time, read as UTC: it names no zone. */
  readonly at: string
  /** Pounds, up to three decimals. */
  readonly price: number
  /** Digits; null where the file names nobody. */
  readonly customer: string | null
  readonly country: string
}

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

/**
 * The rows of an Online Retail file, `.csv` or `.csv.gz`, in its order and never all at once.
 *
 * @param onProgress told how much of the file has been read, 0 to 1
 * @throws UsageError naming the line that is not as expected
 */
export async function* readRows(
  file: string,
  onProgress: (share: number) => void = () => {},
): AsyncGenerator<Row> {
  const parser = parse({ relax_quotes: false })
  pipeline(openFile(file, onProgress), parser, () => {})
  let line = 0
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      line += 1
      if (line > 1) yield toRow(record, line, file)
      else if (record.join(',') !== HEADER)
        throw new UsageError(`Cannot import ${file}: its first line must be ${HEADER}`)
    }
  } catch (error) {
    throw readable(error, file)
  }
  if (line === 0) throw new UsageError(`Cannot import ${file}: it is empty`)
}

function openFile(file: string, onProgress: (share: number) => void): Readable {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? {}
  if (size === undefined) throw new UsageError(`Cannot import ${file}: there is no such file`)
  let read = 0
  const bytes = createReadStream(file, { highWaterMark: 256 * 1024 })
  bytes.on('data', (chunk) => {
    read += chunk.length
    onProgress(read / size)
  })
  if (!file.endsWith('.gz')) return bytes
  return pipeline(bytes, createGunzip(), () => {})
}

function toRow(record: readonly string[], line: number, file: string): Row {
  const [invoice = '', code = '', description = '', quantity, time = '', price, customer = '', country = ''] =
    record
  const row = {
    invoice,
    code,
    description: description.trim(),
    quantity: Number(quantity),
    at: `${time.slice(0, 10)}T${time.slice(11)}.000Z`,
    price: Number(price),
    // Spreadsheets made a number of it: 17850.0
    customer: customer === '' ? null : customer.replace(/\.0$/, ''),
    country,
  }
  const isSound =
    invoice !== '' &&
    code !== '' &&
    Number.isSafeInteger(row.quantity) &&
    Number.isFinite(row.price) &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time)
  if (isSound) return row
  throw new UsageError(`Cannot import ${file}: line ${line} is not as expected: ${record.join(',')}`)
}

function readable(error: unknown, file: string): unknown {
  if (error instanceof CsvError) {
    return new UsageError(`Cannot import ${file}: it is no CSV: ${error.message}`, { cause: error })
  }
  if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
    return new UsageError(`Cannot import ${file}: it is not a whole gzip file`, { cause: error })
  }
  return error
}
