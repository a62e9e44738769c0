import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { runSql } from '../migration/run-sql.ts'
import { physicalName } from '../storage/physical-name.ts'
import type { Connection } from '../storage/storage.ts'

/** Fingerprints by entity. */
export async function readStates(
  runtime: Runtime,
  connection: Connection,
): Promise<ReadonlyMap<string, string>> {
  const sql = `SELECT entity, fingerprint FROM "${table(runtime)}"`
  const { rows } = await connection.execute({ sql, parameters: [] })
  return new Map(rows.map((row) => [String(row['entity']), String(row['fingerprint'])]))
}

/** Writes down what the index of an entity holds now. */
export async function saveState(t: InternalTx, entity: string, fingerprint: string): Promise<void> {
  await run(
    t,
    `INSERT INTO "${table(t.runtime)}" (entity, fingerprint) VALUES ($1, $2)
      ON CONFLICT (entity) DO UPDATE SET fingerprint = excluded.fingerprint`,
    [entity, fingerprint],
  )
}

/** While nobody searches an entity, its writes leave the index alone: it must be made anew later. */
export async function forgetState(t: InternalTx, entity: string): Promise<void> {
  await run(t, `DELETE FROM "${table(t.runtime)}" WHERE entity = $1`, [entity])
}

function run(
  { connection, runtime }: InternalTx,
  sql: string,
  parameters: readonly unknown[],
): ReturnType<typeof runSql> {
  return runSql(connection, runtime.storage.capabilities.dialect, sql, parameters)
}

function table({ registry }: Runtime): string {
  return physicalName(registry.tablePrefix, 'search_states')
}
