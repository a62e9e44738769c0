import { ExpressionWrapper, ValueNode, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Runtime } from '../kernel/runtime.ts'
import { trustedRaw } from '../sql/trusted-node.ts'
import { wordScope, wordsTable } from './search-documents.ts'
import { readSearch, type SearchQuery } from './words.ts'

/** Whose rows are searched. */
export interface SearchScope {
  readonly runtime: Pick<Runtime, 'registry' | 'storage'>
  readonly tenantId: string
  /** The entity's name, which is the table's name in the query. */
  readonly entity: string
}

/** What is looked for, and how the database should go about it. */
export interface SearchText {
  readonly text: string
  /** Row by row in the order of the list, because most rows will do; see {@link isCommonSearch}. */
  readonly along: boolean
}

/** From so many matches on, finding the first page among all rows is faster than finding all matches. */
const COMMON = 5000

/**
 * Rows that have all words of the text, the last as a beginning. The documents are read as any table is, bound to the
 * tenant. A text without a word finds nothing.
 */
// `any`: the tables are those of whatever entity is listed.
export function searchCondition(
  eb: ExpressionBuilder<any, any>,
  scope: SearchScope,
  { text, along }: SearchText,
): Expression<SqlBool> {
  const query = readSearch(text)
  if (!query) return eb(eb.val(1), '=', 0)
  const { runtime, entity } = scope
  const scoped = withScope(query, wordScope(scope.tenantId, entity))
  const documents = eb.selectFrom('searchDocuments').where('searchDocuments.entity', '=', entity)
  if (along) {
    const own = documents.select('searchDocuments.place').whereRef('searchDocuments.id', '=', `${entity}.id`)
    return fts5Matches(own, wordsTable(runtime), scoped)
  }
  const matches =
    runtime.storage.capabilities.fullText === 'fts5'
      ? fts5Matches(eb.ref('searchDocuments.place'), wordsTable(runtime), scoped)
      : tsvectorMatches(eb.ref('searchDocuments.words'), scoped)
  return eb(`${entity}.id`, 'in', documents.select('searchDocuments.id').where(matches))
}

/**
 * Whether so many rows match that SQLite, which cannot tell by itself, should go along the list instead of fetching all
 * of them. It decides about speed only, and may count rows of others.
 */
export async function isCommonSearch(
  scope: SearchScope,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { runtime, tenantId, entity } = scope
  const query = readSearch(text)
  if (!query || runtime.storage.capabilities.fullText !== 'fts5') return false
  const table = wordsTable(runtime)
  const sql = `SELECT count(*) AS total FROM (SELECT rowid FROM "${table}" WHERE "${table}" MATCH ? LIMIT ${COMMON})`
  const parameters = [fts5Text(withScope(query, wordScope(tenantId, entity)))]
  const { rows } = await runtime.storage.population({ tenantId }, { sql, parameters }, signal)
  return rows[0]!['total'] === COMMON
}

function withScope({ words, prefix }: SearchQuery, scope: string): SearchQuery {
  return { words: words.map((word) => scope + word), prefix: scope + prefix }
}

// Words hold letters, digits, marks and `@._%+-`, so quotes around them are all they need.
function fts5Matches(place: Expression<unknown>, table: string, query: SearchQuery): Expression<SqlBool> {
  return condition(
    ['(', ` in (select rowid from "${table}" where "${table}" match `, '))'],
    [place.toOperationNode(), ValueNode.create(fts5Text(query))],
  )
}

function fts5Text({ words, prefix }: SearchQuery): string {
  return [...words.map((word) => `"${word}"`), `"${prefix}" *`].join(' AND ')
}

function tsvectorMatches(column: Expression<unknown>, { words, prefix }: SearchQuery): Expression<SqlBool> {
  const text = [...words.map((word) => `'${word}'`), `'${prefix}':*`].join(' & ')
  return condition(['(', ' @@ cast(', ' as tsquery))'], [column.toOperationNode(), ValueNode.create(text)])
}

function condition(
  fragments: readonly string[],
  parameters: Parameters<typeof trustedRaw>[1],
): Expression<SqlBool> {
  return new ExpressionWrapper<any, any, SqlBool>(trustedRaw(fragments, parameters, 'boolean'))
}
