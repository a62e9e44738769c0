/** Words that begin a statement, name a table, or join queries. */
export const STATEMENT_WORDS = words(`
  select from join into union intersect except table tablesample with using update delete insert merge
  truncate alter drop create grant revoke copy pragma attach detach vacuum information_schema lateral
  returning
`)

/** Functions that run SQL text, read files, or change what row-level security sees. */
export const REFUSED_FUNCTIONS = words(`
  set_config dblink dblink_exec query_to_xml table_to_xml cursor_to_xml schema_to_xml database_to_xml
  query_to_xmlschema query_to_xml_and_xmlschema table_to_xml_and_xmlschema table_to_xmlschema
  schema_to_xmlschema schema_to_xml_and_xmlschema database_to_xmlschema database_to_xml_and_xmlschema
  cursor_to_xmlschema ts_stat ts_rewrite crosstab connectby nextval setval currval lastval
  load_extension readfile writefile edit fsdir dbstat
`)

/** What the names of such functions, and of the databases' own tables, begin with. */
export const REFUSED_PREFIXES: readonly string[] = [...words('sqlite_ pg_ pragma_ lo_ dblink_ fts3_ fts5_')]

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
