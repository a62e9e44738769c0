import type { Runtime } from '../kernel/runtime.ts'
import { systemStatements, type RunStatement } from '../sql/system-statements.ts'
import type { Connection } from '../storage/storage.ts'
import type { JobsDb } from './job.entity.ts'

/** Runs a statement over jobs of all tenants on one connection; it is built once, by its key. */
export type RunJobStatement = RunStatement<JobsDb>

export function jobStatements(runtime: Runtime, connection: Connection): RunJobStatement {
  return systemStatements(runtime, connection, 'jobs')
}
