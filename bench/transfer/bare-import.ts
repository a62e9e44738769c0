import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse'
import pg from 'pg'

const COLUMNS =
  'tenant_id, id, name, email, country, visits, score, is_member, joined_at, balance, balance_currency, source, external_id, version, created_at, updated_at'
const WIDTH = 16

/** Rows of a transaction: about what the platform's slices come to. */
const ROWS_PER_TRANSACTION = 2000
const ROWS_PER_STATEMENT = 100

/** The import written by hand for this one file: csv-parse, prepared inserts of a hundred rows, no checks, no undo. */
export async function bareSqliteImport(csv: string, database: string): Promise<number> {
  const db = new Database(database)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  const tuple = `(${Array.from({ length: WIDTH }, () => '?').join(', ')})`
  const insertOf = (rows: number) =>
    db.prepare(
      `INSERT INTO clientele_contacts (${COLUMNS}) VALUES ${Array.from({ length: rows }, () => tuple).join(', ')}`,
    )
  const many = insertOf(ROWS_PER_STATEMENT)
  const one = insertOf(1)
  const write = db.transaction((rows: readonly unknown[][]) => {
    let at = 0
    for (; at + ROWS_PER_STATEMENT <= rows.length; at += ROWS_PER_STATEMENT)
      many.run(rows.slice(at, at + ROWS_PER_STATEMENT).flat())
    for (; at < rows.length; at++) one.run(rows[at]!)
  })
  let total = 0
  for await (const rows of batches(csv)) {
    const now = Date.now()
    write(
      rows.map((r, n) => {
        const [externalId, name, email, country, visits, score, isMember, joinedAt, balance, currency] = r
        return [
          ...['default', newId(n), name, email, country || null, Number(visits)],
          ...[score ? Number(score) : null, isMember === 'true' ? 1 : 0, Date.parse(joinedAt!)],
          ...[Math.round(Number(balance) * 100), currency, 'csv', externalId, 1, now, now],
        ]
      }),
    )
    total += rows.length
  }
  db.close()
  return total
}

const TYPES = [
  ...['text', 'uuid', 'text', 'text', 'text', 'bigint', 'double precision', 'boolean', 'timestamptz'],
  ...['bigint', 'text', 'text', 'text', 'bigint', 'timestamptz', 'timestamptz'],
]

/** As {@link bareSqliteImport}: one statement of arrays per transaction, which is faster than rows of parameters. */
export async function barePostgresImport(csv: string, url: string, schema: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}` })
  await client.connect()
  const arrays = TYPES.map((type, i) => `$${i + 1}::${type}[]`).join(', ')
  const text = `INSERT INTO clientele_contacts (${COLUMNS}) SELECT * FROM unnest(${arrays})`
  let total = 0
  for await (const rows of batches(csv)) {
    const now = new Date().toISOString()
    const columns: unknown[][] = Array.from({ length: WIDTH }, () => [])
    let n = 0
    for (const r of rows) {
      const [externalId, name, email, country, visits, score, isMember, joinedAt, balance, currency] = r
      const row = [
        ...[
          'default',
          newId(n++).toString('hex'),
          name,
          email,
          country || null,
          visits,
          score || null,
          isMember,
        ],
        ...[joinedAt, Math.round(Number(balance) * 100), currency, 'csv', externalId, 1, now, now],
      ]
      for (let i = 0; i < WIDTH; i++) columns[i]!.push(row[i])
    }
    await client.query('BEGIN')
    await client.query({ name: 'insert', text, values: columns })
    await client.query('COMMIT')
    total += rows.length
  }
  await client.end()
  return total
}

/** Ids in the order of time: random ones would be written all over the index. */
function newId(n: number): Buffer {
  const id = randomBytes(16)
  id.writeUIntBE(Date.now(), 0, 6)
  id.writeUInt16BE(0x7000 | n, 6)
  id[8] = 0x80 | (id[8]! & 0x3f)
  return id
}

async function* batches(csv: string): AsyncGenerator<string[][]> {
  const parser = createReadStream(csv).pipe(parse({ from: 2 }))
  let batch: string[][] = []
  for await (const record of parser as AsyncIterable<string[]>) {
    batch.push(record)
    if (batch.length < ROWS_PER_TRANSACTION) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
