import type { Kysely } from 'kysely'
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
  /** A Kysely whose every statement is bound and runs on connections of `source`. Cheap to make. */
  kysely(binding: Binding, source: ConnectionSource): Kysely<any>
  /**
   * The SQL of a builder made from a Kysely of this layer; for lanes that take a statement. (Such a builder's
   * `compile()` has already been transformed.)
   */
  statementOf(query: Compilable<unknown>): Statement
  readonly helpers: SqlHelpers
}
