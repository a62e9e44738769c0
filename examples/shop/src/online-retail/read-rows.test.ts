import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXAMPLE_DATA } from '../first-run.ts'
import { testFolder } from '../test-shop.fixture.ts'
import { readRows, type Row } from './read-rows.ts'

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const ROW = '536365,71053,"A ""METAL"" LANTERN, WHITE ",-6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom'

test('a row is read as what it means', async () => {
  expect(await readText(`${HEADER}\n${ROW}\n${ROW.replace('17850.0', '')}\n`)).toEqual([
    {
      invoice: '536365',
      code: '71053',
      description: 'A "METAL" LANTERN, WHITE',
      quantity: -6,
      at: '2010-12-01T08:26:00.000Z',
      price: 3.39,
      customer: '17850',
      country: 'United Kingdom',
    },
    expect.objectContaining({ customer: null }),
  ])
})

test.each([
  ['another header', 'a,b\n1,2\n', /its first line must be InvoiceNo,StockCode/],
  ['nothing', '', /it is empty/],
  [
    'a quantity that is none',
    `${HEADER}\n${ROW}\n${ROW.replace('-6', 'six')}\n`,
    /line 3 is not as expected/,
  ],
  ['another date', `${HEADER}\n${ROW.replace('2010-12-01', '1.12.2010')}\n`, /line 2 is not as expected/],
  ['a row too short', `${HEADER}\n${ROW}\n1,2,3\n`, /it is no CSV: .* line 3/],
])('%s is told by its line', async (_, text, reason) => {
  await expect(readText(text)).rejects.toThrow(reason)
})

test('a gzip file that was cut off is no shorter file', async () => {
  const file = join(await testFolder(), 'cut.csv.gz')
  writeFileSync(file, readFileSync(EXAMPLE_DATA).subarray(0, 500_000))
  await expect(read(file)).rejects.toThrow(/it is not a whole gzip file/)
})

async function readText(text: string): Promise<Row[]> {
  const file = join(await testFolder(), 'rows.csv')
  writeFileSync(file, text)
  return read(file)
}

async function read(file: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of readRows(file)) rows.push(row)
  return rows
}
