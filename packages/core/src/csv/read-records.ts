import type { CsvError, Parser } from 'csv-parse'
import { decoded } from './decode.ts'
import { isPieceOfUtf8 } from './detect-encoding.ts'

/** A record of a file: a line, or several where quoted cells hold line breaks. */
export interface CsvRecord {
  /** Where it begins, as an editor counts: the first line is 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Some of its bytes are no text of the encoding: U+FFFD stands for them. */
  readonly isDamaged?: true
}

export interface CsvFormat {
  /** As the WHATWG names it. */
  readonly encoding: string
  readonly delimiter: string
}

/** The most bytes of one record: a quote that is never closed would take the rest of the file. */
const LONGEST_RECORD = 4_000_000

/** All of them end a line: files put together of others have several. */
const LINE_ENDS = ['\r\n', '\n', '\r']

/** A file that cannot be read on from some line: `reason` is a sentence about it. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv'
}

/**
 * The records of a file in order, in batches as they come out of its bytes: the header is the first one. Lines without
 * anything are left out. Quotes in the middle of a cell are taken as they are.
 *
 * @throws UnreadableCsv when a quote is not closed, and for a record of more than four million bytes
 */
export async function* readRecords(
  content: AsyncIterable<Uint8Array>,
  { encoding, delimiter }: CsvFormat,
): AsyncGenerator<CsvRecord[]> {
  // Loaded with the first file: most processes never read one.
  const reader = new RecordReader(await import('csv-parse'), delimiter, encoding)
  try {
    for await (const bytes of decoded(content, encoding)) {
      const records = reader.take(bytes)
      if (records.length > 0) yield records
    }
    const rest = await reader.end()
    if (rest.length > 0) yield rest
  } finally {
    reader.close()
  }
}

/** Feeds csv-parse piece by piece: its stream would hand out each record by itself, which costs as much as parsing. */
class RecordReader {
  readonly #library: typeof import('csv-parse')
  readonly #parser: Parser
  #line = 1
  #error: Error | undefined
  /** Only then a U+FFFD may be one that the file does not have. */
  #mayBeDamaged: boolean

  constructor(library: typeof import('csv-parse'), delimiter: string, encoding: string) {
    this.#library = library
    this.#mayBeDamaged = encoding !== 'utf-8'
    this.#parser = library.parse({
      delimiter,
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: LONGEST_RECORD,
    })
    this.#parser.on('error', (error) => (this.#error = error))
  }

  take(bytes: Uint8Array): CsvRecord[] {
    this.#mayBeDamaged ||= !isPieceOfUtf8(bytes)
    this.#parser.write(bytes, (error) => (this.#error ??= error ?? undefined))
    return this.#read()
  }

  async end(): Promise<CsvRecord[]> {
    await new Promise<void>((resolve) => {
      this.#parser.on('error', () => resolve())
      this.#parser.on('readable', () => resolve())
      this.#parser.on('end', () => resolve())
      this.#parser.end(() => resolve())
    })
    const records = this.#read()
    if (this.#error) throw this.#unreadable(this.#error)
    return records
  }

  close(): void {
    this.#parser.destroy()
  }

  #read(): CsvRecord[] {
    const records: CsvRecord[] = []
    for (;;) {
      const cells = this.#parser.read() as string[] | null
      if (cells === null) break
      if (cells.length > 1 || cells[0] !== '') records.push(this.#record(cells))
      this.#line += 1 + breaksIn(cells)
    }
    if (this.#error && records.length === 0) throw this.#unreadable(this.#error)
    return records
  }

  #record(cells: string[]): CsvRecord {
    const record = { line: this.#line, cells }
    const isDamaged = this.#mayBeDamaged && cells.some((cell) => cell.includes('\uFFFD'))
    return isDamaged ? { ...record, isDamaged } : record
  }

  #unreadable(error: Error): Error {
    if (!(error instanceof this.#library.CsvError)) return error
    return new UnreadableCsv(reasonOf(error, this.#line), { cause: error })
  }
}

function reasonOf({ code, message }: CsvError, line: number): string {
  const record = `the record that begins in line ${line}`
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `${record} has a quote that is not closed`
  if (code !== 'CSV_MAX_RECORD_SIZE') return message
  const most = LONGEST_RECORD.toLocaleString('en')
  return `${record} is longer than ${most} bytes; perhaps it has a quote that is not closed`
}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) breaks += cell.match(/\r\n|\n|\r/g)!.length
  }
  return breaks
}
