import type { ExpressionWrapper, Kysely } from 'kysely'
import type { Compilable } from '../context/context.ts'
import type { Connection, Statement } from '../storage/storage.ts'
import type { SqlHelpers } from './sql-helpers.ts'

/** Who a query speaks for, and what it may do. */
export interface Binding {
  /** Every tenant table is bound to it; null (the system) binds nothing. */
  readonly tenantId: string | null
  /** `refuse`: writes to entity tables go through `t.repo` or `t.projection`. */
  readonly writes: 'refuse' | 'allow'
  /** Whether soft-removed rows are hidden. */
  readonly removed: 'hide' | 'show'
}

/** Gives a connection for the length of one statement. */
export interface ConnectionSource {
  use<T>(run: (connection: Connection) => Promise<T>): Promise<T>
}

/**
 * The one place between typed queries and SQL: names (camelCase → prefixed snake_case), tenant predicates, hidden
 * removed rows, encoding of parameters, refusal of direct writes and of raw fragments that name tables. One pass over
 * the query tree.
 */
export interface SqlLayer {
  /**
   * A Kysely whose every statement is bound and runs on connections of `source`. Cheap to make. It opens no
   * transactions, makes no tables, and runs nothing that it did not build.
   */
  kysely(binding: Binding, source: ConnectionSource): Kysely<any>
  /**
   * The SQL of a builder made from a Kysely of this layer; for lanes that take a statement. (Such a builder's
   * `compile()` has already been transformed.)
   * @throws `storage.statement` for a query that this layer did not bind.
   */
  statementOf(query: Compilable<unknown>): Statement
  readonly prepared: PreparedQueries
  readonly helpers: SqlHelpers
}

/**
 * Queries of hot paths: built and compiled once per key, afterwards only filled with parameters.
 *
 * @example
 * prepared.run(connection, binding, 'orders.find', (db, p) => db.selectFrom('orders').selectAll().where('id', '=', p('id')), { id })
 */
export interface PreparedQueries {
  /**
   * Runs a query and answers its rows. `build` runs the first time a key is seen in a binding's mode, so whatever
   * changes the SQL must be part of the key; values belong into `parameters`.
   * @throws `storage.parameter` when a parameter has no value.
   */
  run<T>(
    connection: Connection,
    binding: Binding,
    key: string,
    build: BuildPrepared<T>,
    parameters?: Prepared,
  ): Promise<T[]>
  /** As {@link run}, for lanes that take a statement. */
  statement(binding: Binding, key: string, build: BuildPrepared, parameters?: Prepared): Statement
}

/**
 * Builds a prepared query. `p('name')` stands for a value that each run brings; it takes the type of the column it is
 * compared with or written to. A list of any length goes through `helpers.anyOf(column, type, p('ids'))`.
 */
export type BuildPrepared<T = unknown> = (
  db: Kysely<any>,
  p: (name: string) => ExpressionWrapper<any, any, any>,
) => Compilable<T>

/** The values of one run, by parameter name. */
export type Prepared = Readonly<Record<string, unknown>>
