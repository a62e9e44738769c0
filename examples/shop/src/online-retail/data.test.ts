import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { EXAMPLE_DATA } from '../first-run.ts'

/** Of `head -n 135426 online_retail.csv`. */
const SHA_256 = 'f40633f1f3dabaa11d4ac28ee7954deb2134f2d7be0d6aa9a01d8d6ccdc211b8'

/** Beside the repository, or wherever ONLINE_RETAIL_FILE says. */
const FULL_FILE =
  process.env['ONLINE_RETAIL_FILE'] ??
  fileURLToPath(new URL('../../../../../shared/data/online-retail/online_retail.csv.gz', import.meta.url))

test('the committed quarter is the beginning of the published file, byte by byte', () => {
  const quarter = gunzipSync(readFileSync(EXAMPLE_DATA))
  expect(createHash('sha256').update(quarter).digest('hex')).toBe(SHA_256)
  if (!existsSync(FULL_FILE)) {
    console.warn(
      'NOT COMPARED with the published file: it is not there. Download online_retail.csv, gzip it and name it in ONLINE_RETAIL_FILE.',
    )
    return
  }
  const full = gunzipSync(readFileSync(FULL_FILE))
  expect(full.subarray(0, quarter.length).equals(quarter)).toBe(true)
  expect(full.subarray(quarter.length).indexOf('547895,')).toBe(-1)
})
