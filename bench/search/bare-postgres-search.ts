import pg from 'pg'
import { bareWords, type BareSearch } from './bare-search.ts'

/** A generated `tsvector` of the server's own parser, with a GIN index. */
export async function barePostgresSearch(url: string): Promise<BareSearch> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    CREATE EXTENSION IF NOT EXISTS unaccent;
    CREATE TABLE bare (id uuid PRIMARY KEY, first_name text, last_name text, email text, city text, words tsvector);
    INSERT INTO bare SELECT id, first_name, last_name, email, city, to_tsvector('simple',
      regexp_replace(unaccent(concat_ws(' ', first_name, last_name, email, city)), '[^[:alnum:]]+', ' ', 'g'))
      FROM clientele_people ORDER BY id;
    CREATE INDEX ON bare USING gin (words)`)
  await client.query('VACUUM ANALYZE bare')
  return {
    async page(q, limit) {
      const words = bareWords(q)
      const query = words.map((word, n) => (n === words.length - 1 ? `${word}:*` : word)).join(' & ')
      const { rows } = await client.query<{ id: string }>(
        `SELECT id, first_name, last_name, email, city FROM bare WHERE words @@ to_tsquery('simple', $1) ORDER BY id DESC LIMIT $2`,
        [query, limit],
      )
      return rows.map(({ id }) => id).join()
    },
    close: () => client.end(),
  }
}
