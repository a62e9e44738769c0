import type { Storage } from '@clientele/core'

/** Runs a statement of the shop; values are bound, never pasted: sql`select * from users where id = ${id}`. */
// `any`: whoever writes the statement says what its rows look like.
export type Sql = <Row = any>(text: TemplateStringsArray, ...values: readonly SqlValue[]) => Promise<Row[]>
export type SqlValue = string | number | null

/** The shop's own database, opened by the shop; Clientele is a guest in it. */
export interface Database {
  /** Reads, outside a transaction. */
  readonly sql: Sql
  /** Statements on a connection that has a transaction open. */
  on(connection: unknown): Sql
  /** The same database as Clientele sees it. */
  readonly storage: Storage
  close(): Promise<void>
}
