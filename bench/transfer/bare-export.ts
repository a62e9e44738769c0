import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import pg from 'pg'

const COLUMNS =
  'id, name, email, country, visits, score, is_member, joined_at, balance, balance_currency, source, external_id, version, created_at, updated_at'
const HEADER =
  'id,name,email,country,visits,score,isMember,joinedAt,balance,balanceCurrency,source,externalId,version,createdAt,updatedAt'

const ENOUGH_TO_WRITE = 256 * 1024

/** The export written by hand for this one table: one statement that is walked through, texts put together. */
export function bareSqliteExport(csv: string, database: string): void {
  const db = new Database(database, { readonly: true })
  const rows = db.prepare(`SELECT ${COLUMNS} FROM clientele_contacts WHERE tenant_id = 'default' ORDER BY id`)
  const file = openSync(csv, 'w')
  let text = `${HEADER}\r\n`
  // `any`: the values are what the table has.
  for (const row of rows.raw().iterate() as Iterable<any[]>) {
    text += lineOf(row, uuidOf(row[0]), row[6] === 1, (ms: number) => new Date(ms).toISOString())
    if (text.length < ENOUGH_TO_WRITE) continue
    writeSync(file, text)
    text = ''
  }
  writeSync(file, text)
  closeSync(file)
  db.close()
}

const INSTANT = (name: string): string =>
  `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${name}`

const asTheyCome = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig

/** As {@link bareSqliteExport}, through a cursor; the server writes the instants, which is faster than reading them. */
export async function barePostgresExport(csv: string, url: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` })
  await client.connect()
  const columns = COLUMNS.replace(/\w+_at/g, INSTANT)
  await client.query('BEGIN')
  await client.query(
    `DECLARE rows NO SCROLL CURSOR FOR SELECT ${columns} FROM clientele_contacts WHERE tenant_id = 'default' ORDER BY id`,
  )
  await pipeline(async function* () {
    yield `${HEADER}\r\n`
    for (;;) {
      const { rows } = await client.query({
        text: 'FETCH 5000 FROM rows',
        rowMode: 'array',
        types: asTheyCome,
      })
      if (rows.length === 0) return
      let text = ''
      for (const row of rows) text += lineOf(row, row[0], row[6] === 't', String)
      yield text
    }
  }, createWriteStream(csv))
  await client.query('COMMIT')
  await client.end()
}

// `any`: the values are what the table has.
function lineOf(row: any[], id: string, isMember: boolean, instant: (value: any) => string): string {
  const [, name, email, country, visits, score, , joined, balance, currency, source, externalId, version] =
    row
  const cents = String(Math.abs(balance)).padStart(3, '0')
  const money = `${balance < 0 ? '-' : ''}${cents.slice(0, -2)}.${cents.slice(-2)}`
  return `${id},${cell(name)},${cell(email)},${cell(country)},${visits},${score ?? ''},${isMember},${instant(joined)},${money},${currency},${cell(source)},${cell(externalId)},${version},${instant(row[13])},${instant(row[14])}\r\n`
}

function cell(text: string | null): string {
  if (text === null) return ''
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
