import type { Ctx } from '../context/context.ts'
import { DELIMITERS, detectDelimiter } from '../csv/detect-delimiter.ts'
import { detectEncoding, encodingNamed } from '../csv/detect-encoding.ts'
import { readRecords, UnreadableCsv, type CsvFormat, type CsvRecord } from '../csv/read-records.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { StoredFile } from '../files/file.entity.ts'
import { Files } from '../files/files.ts'
import { importErrors } from './import.errors.ts'

/** How much of a file is looked at to know what it is. */
const SAMPLE_BYTES = 256 * 1024

/** Wider than any table: what has more is no table, and would be told about column by column. */
const MOST_COLUMNS = 1000

/** The beginning of a file and how it is to be read. */
export interface OpenedFile extends CsvFormat {
  readonly file: StoredFile
  readonly header: readonly string[]
  /** The first records after the header. */
  readonly records: readonly CsvRecord[]
}

/** What the caller knows better than the detection. */
export interface FormatOptions {
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
}

/**
 * Looks at the beginning of a file.
 * @throws `entity.not_found` for files that the actor may not read, `import.unreadable`, `import.option`
 */
export async function inspectFile(ctx: Ctx, fileId: string, options: FormatOptions): Promise<OpenedFile> {
  const { file, content } = await ctx.get(Files).open(ctx, fileId)
  if (!ctx.can(file.permission)) throw coreErrors['entity.not_found']({ entity: 'files', id: fileId })
  const sample = await beginningOf(content)
  const encoding = encodingOf(options.encoding) ?? (await detectEncoding(sample))
  const delimiter = delimiterOf(options.delimiter) ?? (await detectDelimiter(sample, encoding))
  const [header, ...records] = await firstRecords(sample, { encoding, delimiter }, file)
  const reason = flawOf(header?.cells)
  if (!header || reason) throw importErrors['import.unreadable']({ name: file.name, reason })
  return { file, encoding, delimiter, header: header.cells, records }
}

/** Why a first line cannot be a header; empty when it can. */
function flawOf(header: readonly string[] | undefined): string {
  if (!header) return 'it is empty'
  if (header.length > MOST_COLUMNS)
    return `its first line has ${header.length} columns, and no more than ${MOST_COLUMNS} can be imported`
  if (header.some((title) => title.includes('\0')))
    return 'its first line holds NUL characters, so it is no text or of another encoding; save a spreadsheet as CSV'
  return ''
}

/** The records of a whole file, its header first, and how many of its bytes have been read. */
export function recordsOf(
  ctx: Ctx,
  fileId: string,
  format: CsvFormat,
): { readonly bytesRead: () => number; readonly records: AsyncGenerator<CsvRecord[]> } {
  let read = 0
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const { content } = await ctx.get(Files).open(ctx, fileId)
    for await (const piece of content) {
      read += piece.byteLength
      // A record takes some thirty times its bytes while it is worked on.
      for (let at = 0; at < piece.byteLength; at += PIECE) yield piece.subarray(at, at + PIECE)
    }
  }
  return { bytesRead: () => read, records: readRecords(bytes(), format) }
}

const PIECE = 64 * 1024

async function beginningOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of content) {
    pieces.push(piece)
    size += piece.byteLength
    if (size >= SAMPLE_BYTES) break
  }
  return Buffer.concat(pieces).subarray(0, SAMPLE_BYTES)
}

async function firstRecords(sample: Uint8Array, format: CsvFormat, file: StoredFile): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  const isWhole = sample.length >= file.size
  try {
    for await (const batch of readRecords(once(sample), format)) records.push(...batch)
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error
    // The end of the sample may cut a quoted cell.
    if (isWhole || records.length === 0)
      throw importErrors['import.unreadable']({ name: file.name, reason: error.message }, { cause: error })
  }
  return isWhole || records.length < 2 ? records : records.slice(0, -1)
}

async function* once(sample: Uint8Array): AsyncGenerator<Uint8Array> {
  yield sample
}

function encodingOf(encoding: string | undefined): string | null {
  if (encoding === undefined) return null
  const named = encodingNamed(encoding)
  if (named) return named
  const allowed = 'give one that the WHATWG names, such as utf-8, utf-16le, windows-1252 or shift_jis'
  throw importErrors['import.option']({ option: 'encoding', value: encoding, allowed })
}

function delimiterOf(delimiter: string | undefined): string | null {
  if (delimiter === undefined) return null
  if ((DELIMITERS as readonly string[]).includes(delimiter)) return delimiter
  const allowed = `allowed are ${DELIMITERS.map((one) => JSON.stringify(one)).join(', ')}`
  throw importErrors['import.option']({ option: 'delimiter', value: delimiter, allowed })
}
