import type { Compilable } from '../context/context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { Binding, Prepared } from '../sql/sql-layer.ts'
import type { Connection } from '../storage/storage.ts'
import type { JobsDb } from './job.entity.ts'

/** Jobs of all tenants. */
const SYSTEM: Binding = { tenantId: null, writes: 'allow', removed: 'show' }

// `any`: a parameter fits every column it is compared with or written to.
export type Value = any
export type Parameter = (name: string) => Value

/** Runs a statement over jobs on one connection; it is built once, by its key. */
export type RunJobStatement = <T>(
  key: string,
  build: (db: JobsDb, p: Parameter) => Compilable<T>,
  parameters: Prepared,
) => Promise<T[]>

export function jobStatements({ sql }: Runtime, connection: Connection): RunJobStatement {
  return (key, build, parameters) =>
    sql.prepared.run(connection, SYSTEM, `jobs.${key}`, (db, p) => build(db as JobsDb, p), parameters)
}
