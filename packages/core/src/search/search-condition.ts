import { ExpressionWrapper, ValueNode, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Runtime } from '../kernel/runtime.ts'
import { trustedRaw } from '../sql/trusted-node.ts'
import { physicalName } from '../storage/physical-name.ts'
import { wordScope } from './search-documents.ts'
import { readSearch, type SearchQuery } from './words.ts'

/** Whose rows are searched. */
export interface SearchScope {
  readonly runtime: Pick<Runtime, 'registry' | 'storage'>
  readonly tenantId: string
  /** The entity's name, which is the table's name in the query. */
  readonly entity: string
}

/**
 * Rows that have all words of `text`, the last as a beginning. The documents are read as any table is, bound to the
 * tenant. A text without a word finds nothing.
 */
// `any`: the tables are those of whatever entity is listed.
export function searchCondition(
  eb: ExpressionBuilder<any, any>,
  { runtime, tenantId, entity }: SearchScope,
  text: string,
): Expression<SqlBool> {
  const query = readSearch(text)
  if (!query) return eb(eb.val(1), '=', 0)
  const scoped = withScope(query, wordScope(tenantId, entity))
  const matches =
    runtime.storage.capabilities.fullText === 'fts5'
      ? fts5Matches(eb, physicalName(runtime.registry.tablePrefix, 'search_documents_words'), scoped)
      : tsvectorMatches(eb, scoped)
  return eb(
    `${entity}.id`,
    'in',
    eb
      .selectFrom('searchDocuments')
      .select('searchDocuments.id')
      .where('searchDocuments.entity', '=', entity)
      .where(matches),
  )
}

function withScope({ words, prefix }: SearchQuery, scope: string): SearchQuery {
  return { words: words.map((word) => scope + word), prefix: scope + prefix }
}

// Words hold letters, digits, marks and `@._%+-`, so quotes around them are all they need.
function fts5Matches(
  eb: ExpressionBuilder<any, any>,
  table: string,
  { words, prefix }: SearchQuery,
): Expression<SqlBool> {
  const text = [...words.map((word) => `"${word}"`), `"${prefix}" *`].join(' AND ')
  const place = eb.ref('searchDocuments.place').toOperationNode()
  return condition(
    ['(', ` in (select rowid from "${table}" where "${table}" match `, '))'],
    [place, ValueNode.create(text)],
  )
}

function tsvectorMatches(
  eb: ExpressionBuilder<any, any>,
  { words, prefix }: SearchQuery,
): Expression<SqlBool> {
  const text = [...words.map((word) => `'${word}'`), `'${prefix}':*`].join(' & ')
  const column = eb.ref('searchDocuments.words').toOperationNode()
  return condition(['(', ' @@ cast(', ' as tsquery))'], [column, ValueNode.create(text)])
}

function condition(
  fragments: readonly string[],
  parameters: Parameters<typeof trustedRaw>[1],
): Expression<SqlBool> {
  return new ExpressionWrapper<any, any, SqlBool>(trustedRaw(fragments, parameters, 'boolean'))
}
