import {
  silentLogger,
  type SqlType,
  type Statement,
  type Storage,
  systemClock,
  systemRandom,
} from '@clientele/core'
import { type RawBuilder, sql } from 'kysely'
import type { StorageConformanceOptions } from '../storage-conformance.ts'

/** A column of a test's table: its type, and what else its DDL says. */
export type ColumnOf = SqlType | readonly [type: SqlType, constraint: string]

export type Row = Record<string, unknown>

/** The open storage, its peer, and what tests need to talk to them. */
export interface Workbench {
  readonly storage: Storage
  readonly peer: Storage
  /** The statement of a template; values are bound, `sql.id` quotes names. */
  statement(query: RawBuilder<unknown>): Statement
  /** Rows of a read. */
  rows(query: RawBuilder<unknown>, storage?: Storage): Promise<Row[]>
  /** Runs statements in one write transaction. */
  write(...queries: RawBuilder<unknown>[]): Promise<void>
  /** Creates a table with a name of its own and answers the name. */
  createTable(columns: Readonly<Record<string, ColumnOf>>, constraints?: readonly string[]): Promise<string>
  /** The statement that {@link createTable} runs, for a name of the caller's. */
  tableStatement(
    name: string,
    columns: Readonly<Record<string, ColumnOf>>,
    constraints?: readonly string[],
  ): RawBuilder<unknown>
  /** A workbench with a database of its own, for a test that closes it. */
  another(): Promise<Workbench>
  close(): Promise<void>
}

export const scope = { tenantId: '*' } as const

export async function openWorkbench(create: StorageConformanceOptions['create']): Promise<Workbench> {
  const target = await create()
  const { storage, peer } = target
  const types = new Map<string, SqlType>()
  const compiler = storage.createQueryCompiler()
  const clock = systemClock()
  const run = Buffer.from(systemRandom().bytes(4)).toString('hex')
  let tables = 0
  const host = {
    logger: silentLogger(),
    clock,
    columnType: (table: string, column: string) => types.get(`${table}.${column}`),
  }
  await storage.open(host)
  await peer.open(host)

  const statement: Workbench['statement'] = (query) => {
    const compiled = compiler.compileQuery(query.toOperationNode(), { queryId: 'conformance' })
    return { sql: compiled.sql, parameters: compiled.parameters }
  }
  const tableStatement: Workbench['tableStatement'] = (name, columns, constraints = []) => {
    const lines = Object.entries(columns).map(([column, spec]) => {
      const [type, constraint] = typeof spec === 'string' ? [spec, ''] : spec
      types.set(`${name}.${column}`, type)
      return `"${column}" ${storage.sql.columnType(type)} ${constraint}`
    })
    return sql.raw(
      `CREATE TABLE "${name}" (${[...lines, ...constraints].join(', ')})${storage.sql.tableSuffix}`,
    )
  }
  const write: Workbench['write'] = (...queries) =>
    storage.write(scope, async (connection) => {
      for (const query of queries) await connection.execute(statement(query))
    })
  return {
    storage,
    peer,
    statement,
    tableStatement,
    write,
    rows: (query, on = storage) =>
      on.read(scope, async (connection) => (await connection.execute(statement(query))).rows),
    async createTable(columns, constraints) {
      const name = `conformance_${run}_${++tables}`
      await write(tableStatement(name, columns, constraints))
      return name
    },
    another: () => openWorkbench(create),
    async close() {
      await Promise.all([storage.close(), peer.close()])
      await target.dispose()
    },
  }
}

/** A value as a bound parameter of that type. */
export function encoded(storage: Storage, type: SqlType, value: unknown): RawBuilder<unknown> {
  return sql`${sql.val(storage.sql.encode(type, value))}`
}
