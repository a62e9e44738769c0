import { readRecords, UnreadableCsv, type CsvRecord } from './read-records.ts'

/** What may stand between cells, the likeliest first. */
export const DELIMITERS = [',', ';', '\t', '|'] as const

/** The records that a guess looks at. */
const LOOKED_AT = 50

/**
 * The delimiter with which the beginning of a file reads as a table: the one whose records have the most cells of
 * equally many. A comma where there is only one column.
 */
export async function detectDelimiter(sample: Uint8Array, encoding: string): Promise<string> {
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const records = await firstRecords(sample, { encoding, delimiter })
    const score = scoreOf(records)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

async function firstRecords(
  sample: Uint8Array,
  format: { readonly encoding: string; readonly delimiter: string },
): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = []
  try {
    for await (const batch of readRecords(once(sample), format)) records.push(...batch)
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error
  }
  // The last one may be cut off by the end of the sample.
  return records.slice(0, Math.min(LOOKED_AT, Math.max(1, records.length - 1)))
}

/** The share of records as wide as the header, and more for more columns. */
function scoreOf(records: readonly CsvRecord[]): number {
  const width = records[0]?.cells.length ?? 1
  if (width === 1) return 0
  const even = records.filter(({ cells }) => cells.length === width).length / records.length
  return even * even * (1 + Math.log2(width))
}

async function* once(sample: Uint8Array): AsyncGenerator<Uint8Array> {
  yield sample
}
