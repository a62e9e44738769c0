import pg from 'pg'
import { expect, inject, test } from 'vitest'

test('the test run has a PostgreSQL 18 whose text does not sort by bytes', async () => {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  try {
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int / 10000 as major, 'a' < 'B' as english, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
    )
    expect(rows).toEqual([{ major: 18, english: true, encoding: 'UTF8' }])
  } finally {
    await client.end()
  }
})
