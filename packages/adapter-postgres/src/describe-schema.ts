import type { Connection } from '@clientele/core'

/** The tables under a prefix as text, without the schema's name: equal schemas give equal text. */
export async function describeTables(connection: Connection, prefix: string): Promise<string> {
  const read = async (sql: string): Promise<readonly Line[]> =>
    (await connection.execute({ sql, parameters: [prefix] })).rows as unknown as readonly Line[]
  const lines = [...(await read(COLUMNS)), ...(await read(CONSTRAINTS)), ...(await read(INDEXES))]
  const tables = new Map<string, string[]>()
  for (const { table, line } of lines) {
    if (!tables.has(table)) tables.set(table, [])
    tables.get(table)!.push(`  ${line}`)
  }
  return [...tables]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([table, described]) => `${table}\n${described.sort().join('\n')}`)
    .join('\n\n')
}

interface Line {
  readonly table: string
  readonly line: string
}

const TABLES = `
  from pg_class t
  where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and starts_with(t.relname, $1)`

// Columns stand in the order of their names: a column added later is the same column.
const COLUMNS = `
  select t.relname as "table", concat_ws(' ', 'column', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> ty.typcollation then 'collate ' || c.collname end,
    case when a.attnotnull then 'not null' end,
    'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
  from (select t.oid, t.relname ${TABLES}) t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  join pg_type ty on ty.oid = a.atttypid
  left join pg_collation c on c.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum`

// PostgreSQL 18 lists NOT NULL among the constraints, older ones do not; the columns above say it for all.
const CONSTRAINTS = `
  select t.relname as "table", concat_ws(' ',
    case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' else 'check' end,
    case when k.contype = 'u' then k.conname end,
    case when k.contype = 'c' then pg_get_constraintdef(k.oid) else (
      select '(' || string_agg(a.attname, ', ' order by n.at) || ')'
      from unnest(k.conkey) with ordinality n(attnum, at)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = n.attnum) end,
    case when k.contype = 'f' then 'references ' || (select relname from pg_class where oid = k.confrelid) || (
      select ' (' || string_agg(a.attname, ', ' order by n.at) || ')'
      from unnest(k.confkey) with ordinality n(attnum, at)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.attnum) end,
    case when k.contype = 'f' then 'on delete ' || case k.confdeltype
      when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' else 'restrict' end end) as line
  from (select t.oid, t.relname ${TABLES}) t
  join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f', 'c')`

const INDEXES = `
  select t.relname as "table", concat_ws(' ',
    case when i.indisunique then 'unique index' else 'index' end, x.relname,
    (select 'using ' || m.amname from pg_am m where m.oid = x.relam and m.amname <> 'btree'), (
      select '(' || string_agg(pg_get_indexdef(i.indexrelid, n::int, true), ', ' order by n) || ')'
      from generate_series(1, i.indnkeyatts) n),
    'where ' || pg_get_expr(i.indpred, i.indrelid)) as line
  from (select t.oid, t.relname ${TABLES}) t
  join pg_index i on i.indrelid = t.oid
  join pg_class x on x.oid = i.indexrelid
  where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`
