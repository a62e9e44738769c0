import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openShop, type Shop } from '../isolation/shop.ts'

const FILE = resolve('../shared/data/fuzz/blns/blns.json')
/** Looks every string up by filter and search, not every fifth. */
const LONG = process.env['CLIENTELE_LONG'] === '1'

test('naughty strings come back as they were sent or are refused, alike on both databases', async () => {
  const strings = [...naughtyStrings(), ...OWN]
  const told: string[][] = []
  for (const storage of ['sqlite', 'postgres'] as const) {
    const shop = await openShop(storage)
    const outcomes: string[] = []
    for (const [n, text] of strings.entries()) {
      outcomes.push(await outcomeOf(shop, text, LONG || n % 5 === 0))
    }
    told.push(outcomes)
  }
  for (const [n, text] of strings.entries()) expect(told[1]![n], JSON.stringify(text)).toBe(told[0]![n])
  console.log(
    `naughty strings: ${strings.length}, of them refused ${told[0]!.filter((one) => one.startsWith('4')).length}`,
  )
  expect(told[0]!.filter((one) => !one.startsWith('4')).length).toBeGreaterThan(strings.length * 0.8)
}, 120_000)

/** Beside those of the list: half surrogates, NUL, wildcards of LIKE, the escape character of ours. */
const OWN = [
  '\0',
  'a\0',
  '\ud83d',
  '\udca9\ud83d',
  '%',
  '_',
  '!',
  '!%',
  '\\%',
  "a'b",
  'İ',
  'ß',
  'ﬀ',
  '\u2028',
  '\ufeff',
  '\u{10ffff}',
]

function naughtyStrings(): readonly string[] {
  if (existsSync(FILE)) return JSON.parse(readFileSync(FILE, 'utf8')) as string[]
  console.warn(
    `\n\n  THE BIG LIST OF NAUGHTY STRINGS IS ABSENT (${FILE}): only a few of our own are tried.\n\n`,
  )
  return []
}

/** What became of one string as name, trait and trait's name of a customer: its status, having checked that it is whole. */
async function outcomeOf(shop: Shop, text: string, isSoughtFor: boolean): Promise<string> {
  shop.ids.use(text)
  const send = (path: string, init: object = {}) =>
    shop.test.fetch(path, { as: { tenants: ['tenant-a'] }, ...init })
  const sent = {
    lastName: text,
    traits: { text, nested: { list: [text] }, ...(text === '' ? {} : { [text]: 1 }) },
  }
  const body = text.length > 100 ? { ...sent, traits: { text } } : sent
  const created = await send('/api/v1/customers', { method: 'POST', body })
  const name = `${JSON.stringify(text)}: ${created.text.slice(0, 300)}`
  expect(created.status, name).toBeLessThan(500)
  if (created.status >= 300) return `${created.status} ${created.json.code}`
  const { json: read } = await send(`/api/v1/customers/${created.json.id}`)
  expect({ lastName: read.lastName, traits: read.traits }, name).toEqual(body)
  if (!isSoughtFor || text === '') return '2xx'
  const found: number[] = []
  for (const query of [`lastName=`, `lastName.contains=`, `lastName.startsWith=`, `q=`]) {
    const { status, json } = await send(`/api/v1/customers?limit=200&${query}${encodeURIComponent(text)}`)
    expect(status, `${query} ${name}`).toBeLessThan(500)
    if (status < 300) {
      const ids = json.items.map((row: { readonly id: string }) => row.id)
      expect(ids, `${query} ${name}`).toContain(created.json.id)
    }
    found.push(status, json.items?.length)
  }
  return `2xx ${found.join()}`
}
