import { Kysely, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'
import { snakeCase } from '../sql/names.ts'
import type { Connection, Storage, StatementResult } from '../storage/storage.ts'

/**
 * A Kysely that runs on one connection as it stands: physical names in queries and in rows, no tenant, no codec for
 * parameters. Its transactions are the caller's.
 */
// `any`: migrations work on tables as they were, which no type of today describes.
export function connectionKysely(storage: Storage, connection: Connection): Kysely<any> {
  return new Kysely({
    dialect: {
      createDriver: () => new ConnectionDriver(connection),
      createQueryCompiler: () => storage.createQueryCompiler(),
      createAdapter: () => storage.createAdapter(),
      createIntrospector() {
        throw new Error('Migrations cannot introspect: they know the schema they come from')
      },
    },
  })
}

class ConnectionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(connection: Connection) {
    this.#connection = {
      executeQuery: async <R>({ sql, parameters }: CompiledQuery) =>
        toQueryResult<R>(await connection.execute({ sql, parameters })),
      async *streamQuery<R>({ sql, parameters }: CompiledQuery, chunkSize: number) {
        for await (const chunk of connection.stream({ sql, parameters }, chunkSize))
          yield toQueryResult<R>(chunk)
      },
    }
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    throw new Error('A migration is a transaction already; use m.db as it is')
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** The connection answers properties; a migration asked for columns. */
function toQueryResult<R>({ rows, affected }: StatementResult): QueryResult<R> {
  return {
    rows: rows.map(
      (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [snakeCase(name), value])) as R,
    ),
    numAffectedRows: BigInt(affected),
  }
}
