import type { Statement, Storage } from '@clientele/core'

/** A filled database, reachable both ways. */
export interface MeasuredDatabase {
  readonly name: 'sqlite' | 'postgres'
  /** For Clientele. */
  readonly storage: Storage
  /** How a hand-written statement names an instant. */
  instant(ms: number): string
  /** Runs a statement on the bare driver, made ready anew as any new statement is. Answers its only value. */
  count(sql: string): Promise<number>
  /** The plan of a statement, a line per step. */
  plan(statement: Statement): Promise<readonly string[]>
  close(): Promise<void>
}
