import type { BulkColumn, Connection, Statement, StatementResult } from '@clientele/core'
import { insertChunks } from './insert-rows.ts'
import { WRITES } from './postgres-connection.ts'
import { columnOf } from './row-plan.ts'
import { streamRows } from './stream-rows.ts'
import { decodeAs, isJson, wireTypes } from './types.ts'

/** The least a host's transaction must offer: `pg`, PGlite and most wrappers do. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<QueryAnswer>
}

export interface QueryAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly fields?: readonly { readonly name: string; readonly dataTypeID: number }[]
  readonly rowCount?: number | null
  /** What PGlite calls `rowCount`. */
  readonly affectedRows?: number
  readonly command?: string
}

/**
 * Statements on a host's transaction that is not a client of `pg`: rows come as objects, values as the host's library
 * made them, and are brought into our form here.
 */
export class HostConnection implements Connection {
  readonly #host: Queryable

  constructor(host: Queryable) {
    this.#host = host
  }

  async execute({ sql, parameters }: Statement): Promise<StatementResult> {
    const answer = await this.#host.query(sql, [...parameters])
    const oids = new Map(answer.fields?.map(({ name, dataTypeID }) => [name, dataTypeID]))
    const command = answer.command ?? /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? ''
    return {
      rows: answer.rows.map((row) => ourRow(row, oids)),
      affected: WRITES.has(command) ? (answer.rowCount ?? answer.affectedRows ?? 0) : 0,
    }
  }

  stream(statement: Statement, chunkSize: number): AsyncIterableIterator<StatementResult> {
    return streamRows(this, statement, chunkSize)
  }

  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number> {
    return insertChunks(this, table, columns, rows)
  }
}

function ourRow(
  row: Readonly<Record<string, unknown>>,
  oids: ReadonlyMap<string, number>,
): Record<string, unknown> {
  const ours: Record<string, unknown> = {}
  for (const [name, raw] of Object.entries(row)) {
    const { property, type } = columnOf(name)
    const oid = oids.get(name)
    const value = ourValue(raw, oid)
    ours[property] = type ? decodeAs(type, value, oid) : value
  }
  return ours
}

function ourValue(value: unknown, oid: number | undefined): unknown {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return Number(value)
  // JSON arrives parsed: a string there is a JSON string.
  if (typeof value !== 'string' || oid === undefined || isJson(oid)) return value
  return (wireTypes.getTypeParser(oid, 'text') as (text: string) => unknown)(value)
}
