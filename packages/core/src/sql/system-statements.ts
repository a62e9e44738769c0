import type { Kysely } from 'kysely'
import type { Compilable } from '../context/context.ts'
import type { Connection } from '../storage/storage.ts'
import type { Binding, Prepared, SqlLayer } from './sql-layer.ts'

/** Binds nothing: rows of all tenants, hidden ones too. Whoever works for one tenant names it in the query. */
const SYSTEM: Binding = { tenantId: null, writes: 'allow', removed: 'show' }

// `any`: a parameter fits every column it is compared with or written to.
export type Value = any
export type Parameter = (name: string) => Value

/** Runs a statement on one connection; it is built once, by its key. */
export type RunStatement<DB extends Kysely<any>> = <T>(
  key: string,
  build: (db: DB, p: Parameter) => Compilable<T>,
  parameters?: Prepared,
) => Promise<T[]>

/**
 * Statements of the core over tables of its own, whosever their rows are.
 * @param area stands before the keys: `jobs`
 */
export function systemStatements<DB extends Kysely<any>>(
  { sql }: { readonly sql: SqlLayer },
  connection: Connection,
  area: string,
): RunStatement<DB> {
  return (key, build, parameters) =>
    sql.prepared.run(connection, SYSTEM, `${area}.${key}`, (db, p) => build(db as DB, p), parameters)
}
