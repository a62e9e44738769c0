import type { SqlType } from '@clientele/core'
import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'
import { decodersOf, decodeValues } from './decode.ts'
import { configure } from './pragmas.ts'

/** One statement for the worker: its rows come back decoded, as arrays in the order of `types`. */
export interface PopulationRequest {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly types: readonly (SqlType | null)[]
  /** Opens the database anew first, which is how the planner learns new statistics. */
  readonly reopen: boolean
  /** It writes, see {@link PopulationLane.build}. */
  readonly build: boolean
}

export type PopulationAnswer =
  | { readonly rows: unknown[][] }
  | { readonly error: { readonly message: string; readonly code: string | undefined } }

const MAX_STATEMENTS = 100
/** Pages of the database kept in memory, in MiB. */
const CACHE_MIB = 64

const { file } = workerData as { file: string }
const statements = new Map<string, Database.Statement>()
let database = open()

parentPort?.on('message', (request: PopulationRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer(request))
})

function answer(request: PopulationRequest): PopulationAnswer {
  try {
    if (request.reopen) {
      statements.clear()
      database.close()
      database = open()
    }
    if (request.build) return build(request.sql)
    const rows = prepare(request.sql).all(request.parameters) as unknown[][]
    const decoders = decodersOf(request.types)
    for (const values of rows) decodeValues(decoders, values)
    return { rows }
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    return { error: { message, code } }
  }
}

function build(sql: string): PopulationAnswer {
  database.pragma('query_only = OFF')
  // It goes through an index once: kept pages would only be memory.
  database.pragma('cache_size = -2048')
  try {
    database.exec(sql)
    return { rows: [] }
  } finally {
    database.pragma(`cache_size = -${CACHE_MIB * 1024}`)
    database.pragma('query_only = ON')
  }
}

function prepare(sql: string): Database.Statement {
  const known = statements.get(sql)
  if (known) return known
  if (statements.size >= MAX_STATEMENTS) statements.clear()
  const made = database.prepare(sql).raw(true)
  statements.set(sql, made)
  return made
}

// Waiting here blocks no one: this thread has nothing else to do.
function open(): Database.Database {
  const opened = new Database(file, { timeout: 10_000 })
  configure(opened, { cacheMiB: CACHE_MIB, readsOnly: true, busyTimeoutMs: 10_000 })
  return opened
}
