import type { Connection } from '@clientele/core'
import pg from 'pg'

const POLICY = 'clientele_tenant'

// The sub-select is evaluated once per statement instead of once per row.
const OF_TENANT = `(select current_setting('clientele.tenant', true)) in (tenant_id, '*')`

const TAKE_TURN = `select pg_advisory_xact_lock(hashtextextended(concat_ws('/', current_schema(), 'row-level-security'), 0))`

/** The transaction's tenant, which the policy compares with; `*` sees all. Never outlives the transaction. */
export function bindTenant(tenantId: string): string {
  return `select set_config('clientele.tenant', ${pg.escapeLiteral(tenantId)}, true)`
}

/** Which of these tables are not yet under the policy. */
export async function unsecuredTables(
  connection: Connection,
  tables: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await connection.execute({
    sql: `
      select t.relname as "table" from pg_class t
      where t.relnamespace = current_schema()::regnamespace and t.relname = any($1::text[])
        and not (t.relrowsecurity and t.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = t.oid and p.polname = $2))
      order by t.relname`,
    parameters: [tables, POLICY],
  })
  return rows.map(({ table }) => table as string)
}

/**
 * Lets each tenant see and write its own rows only, the table's owner included. Of processes that start together one
 * does the work, the others find it done.
 */
export async function secureTables(connection: Connection, tables: readonly string[]): Promise<void> {
  await connection.execute({ sql: TAKE_TURN, parameters: [] })
  for (const table of await unsecuredTables(connection, tables)) {
    const name = pg.escapeIdentifier(table)
    const sql = [
      `alter table ${name} enable row level security`,
      `alter table ${name} force row level security`,
      `drop policy if exists ${POLICY} on ${name}`,
      `create policy ${POLICY} on ${name} using (${OF_TENANT}) with check (${OF_TENANT})`,
    ].join('; ')
    await connection.execute({ sql, parameters: [] })
  }
}

/** Columns of every key by its name: with row-level security the server's errors do not tell them. */
export async function readKeys(connection: Connection): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await connection.execute({
    sql: `
      select k.conname as name, array_agg(a.attname::text order by n.at) as columns
      from pg_constraint k, unnest(k.conkey) with ordinality n(attnum, at), pg_attribute a
      where k.connamespace = current_schema()::regnamespace and k.contype in ('p', 'u', 'f')
        and a.attrelid = k.conrelid and a.attnum = n.attnum
      group by k.oid, k.conname
      union all
      select x.relname, array_agg(a.attname::text order by n.at)
      from pg_index i, pg_class x, unnest(i.indkey) with ordinality n(attnum, at), pg_attribute a
      where x.oid = i.indexrelid and x.relnamespace = current_schema()::regnamespace and i.indisunique
        and a.attrelid = i.indrelid and a.attnum = n.attnum
      group by x.oid, x.relname`,
    parameters: [],
  })
  return new Map(rows.map(({ name, columns }) => [name as string, columns as readonly string[]]))
}
