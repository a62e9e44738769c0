import Database from 'better-sqlite3'
import { bareWords, type BareSearch } from './bare-search.ts'

/** An FTS5 table over the same rows, with SQLite's own tokenizer, in the same file. */
export async function bareSqliteSearch(file: string): Promise<BareSearch> {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('cache_size = -65536')
  database.exec(`
    CREATE TABLE bare (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, first_name TEXT, last_name TEXT, email TEXT, city TEXT) STRICT;
    INSERT INTO bare (id, first_name, last_name, email, city)
      SELECT id, first_name, last_name, email, city FROM clientele_people ORDER BY id;
    CREATE VIRTUAL TABLE bare_words USING fts5(first_name, last_name, email, city, content='bare', content_rowid='n',
      tokenize='unicode61 remove_diacritics 2');
    INSERT INTO bare_words(bare_words) VALUES ('rebuild');
    INSERT INTO bare_words(bare_words) VALUES ('optimize');
    ANALYZE bare`)
  const statement = database.prepare(`
    SELECT id, first_name, last_name, email, city FROM bare
    WHERE n IN (SELECT rowid FROM bare_words WHERE bare_words MATCH ?) ORDER BY n DESC LIMIT ?`)
  return {
    async page(q, limit) {
      const words = bareWords(q)
      const match = words.map((word, n) => `"${word}"${n === words.length - 1 ? ' *' : ''}`).join(' ')
      const rows = statement.all(match, limit) as { id: Buffer }[]
      return rows.map(({ id }) => id.toString('hex').replace(UUID, '$1-$2-$3-$4-$5')).join()
    },
    close: async () => void database.close(),
  }
}

const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/
