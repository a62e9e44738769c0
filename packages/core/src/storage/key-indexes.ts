import { createHash } from 'node:crypto'
import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { runtimeOf, type Runtime } from '../kernel/runtime.ts'
import type { PhysicalColumn } from './physical.ts'
import { physicalName } from './physical-name.ts'

/** Indexes over keys of a JSON column, which are known only when somebody asks for them. */
export interface KeyIndexesService {
  /**
   * Makes the database keep indexes for just these keys of a JSON column, so that `key = constant`
   * (`ctx.sql.jsonCompare`) finds its rows by one: makes what is missing, drops what is too much. Of all tenants
   * together, in no transaction, beside readers, and on PostgreSQL beside writers; it may take minutes, so call it in a
   * job. Repeating it changes nothing.
   *
   * On PostgreSQL one index serves every key: it is there where `keys` is not empty.
   */
  keep(ctx: Ctx, entity: AnyEntity, property: string, keys: readonly string[]): Promise<void>
}

export const KeyIndexes = defineService<KeyIndexesService>('core.key-indexes')

/** How the line of such an index in the description of a schema begins. */
export const KEY_INDEX = /^\s*index \S+_by_key(?:_[0-9a-f]{8})? \(/

export function createKeyIndexes(): KeyIndexesService {
  return { keep }
}

interface Target {
  readonly runtime: Runtime
  /** Physical. */
  readonly table: string
  readonly column: string
  /** What the names of its indexes begin with. */
  readonly stem: string
}

async function keep(ctx: Ctx, entity: AnyEntity, property: string, keys: readonly string[]): Promise<void> {
  const runtime = runtimeOf(ctx)
  const { table, column } = columnOf(runtime, entity, property)
  const stem = physicalName(runtime.registry.tablePrefix, `${table.bare}_${column.name}_by_key`)
  const target = { runtime, table: table.physical, column: column.name, stem }
  const isPostgres = runtime.storage.capabilities.dialect === 'postgres'
  const wanted = isPostgres ? postgresIndexes(target, keys) : sqliteIndexes(target, keys)
  await runtime.storage.lock(`key indexes ${stem}`, async () => {
    const there = await (isPostgres ? validOnPostgres(target) : onSqlite(target))
    const beside = isPostgres ? 'CONCURRENTLY ' : ''
    for (const [name, isValid] of there) {
      // One that was broken off is kept up by every write, and used by no read.
      if (!isValid || !wanted.has(name))
        await runtime.storage.build(`DROP INDEX ${beside}IF EXISTS "${name}"`)
    }
    for (const [name, sql] of wanted) if (there.get(name) !== true) await runtime.storage.build(sql)
  })
}

function columnOf(
  { registry }: Runtime,
  entity: AnyEntity,
  property: string,
): { readonly table: { readonly bare: string; readonly physical: string }; readonly column: PhysicalColumn } {
  const registered = registry.entities.get(entity.name)
  const column = registered?.columns.get(property)
  if (!registered || column?.type !== 'json')
    throw new TypeError(`Cannot index keys of ${entity.name}.${property}: it is no JSON column of an entity`)
  return { table: { bare: registered.table.name, physical: registered.physicalName }, column }
}

/** Hashes of path and value: small whatever the values are, where a B-tree refuses rows with values beyond 2.7 kB. */
function postgresIndexes({ stem, table, column }: Target, keys: readonly string[]): Map<string, string> {
  const sql = `CREATE INDEX CONCURRENTLY "${stem}" ON "${table}" USING gin ("${column}" jsonb_path_ops)`
  return new Map(keys.length > 0 ? [[stem, sql]] : [])
}

function sqliteIndexes({ stem, table, column }: Target, keys: readonly string[]): Map<string, string> {
  return new Map(
    keys.map((key): [string, string] => {
      const name = `${stem}_${createHash('sha256').update(key).digest('hex').slice(0, 8)}`
      const path = `$.${JSON.stringify(key)}`.replaceAll("'", "''")
      return [name, `CREATE INDEX "${name}" ON "${table}" (tenant_id, "${column}" ->> '${path}')`]
    }),
  )
}

async function onSqlite({ runtime, table, stem }: Target): Promise<Map<string, boolean>> {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND substr(name, 1, ?) = ?`
  const rows = await read(runtime, { sql, parameters: [table, stem.length, stem] })
  return new Map(rows.map(({ name }) => [name as string, true]))
}

async function validOnPostgres({ runtime, table, stem }: Target): Promise<Map<string, boolean>> {
  const sql = `select x.relname as name, i.indisvalid as valid from pg_index i join pg_class x on x.oid = i.indexrelid
    where i.indrelid = to_regclass($1) and left(x.relname, $2) = $3`
  const rows = await read(runtime, { sql, parameters: [`"${table}"`, stem.length, stem] })
  return new Map(rows.map(({ name, valid }) => [name as string, valid === true]))
}

async function read(
  { storage }: Runtime,
  statement: { readonly sql: string; readonly parameters: readonly unknown[] },
): Promise<readonly Record<string, unknown>[]> {
  return storage.read({ tenantId: '*' }, async (connection) => (await connection.execute(statement)).rows)
}
