import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'

// A thread of its own: pages are copied and checked for as long as it takes, and the process goes on serving.

export interface BackupTask {
  readonly source: string
  readonly copy: string
  /** Each must be there and readable in the copy. */
  readonly tables: readonly string[]
}

export type BackupMessage =
  | { readonly done: number; readonly total: number }
  | { readonly bytes: number }
  | { readonly problem: string }

/** Four MiB at a time with the usual page size. */
const PAGES = 1024

const { source, copy, tables } = workerData as BackupTask

try {
  await copyPages()
  tell({ bytes: check() })
} catch (error) {
  tell({ problem: (error as Error).message })
}

/** An open read transaction holds the state still: without one, each write of another process would start the copy anew. */
async function copyPages(): Promise<void> {
  const database = new Database(source, { fileMustExist: true, timeout: 10_000 })
  try {
    database.pragma('query_only = ON')
    database.exec('BEGIN')
    const pageSize = database.pragma('page_size', { simple: true }) as number
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    const { totalPages } = await database.backup(copy, {
      progress({ totalPages: all, remainingPages }) {
        tell({ done: (all - remainingPages) * pageSize, total: all * pageSize })
        return PAGES
      },
    })
    tell({ done: totalPages * pageSize, total: totalPages * pageSize })
  } finally {
    database.close()
  }
}

/** Answers the size of a copy that is sound. */
function check(): number {
  const database = new Database(copy, { fileMustExist: true })
  try {
    // Without a log of its own the copy is one file; opened as a database it gets one again.
    database.pragma('journal_mode = DELETE')
    database.pragma('synchronous = FULL')
    const [integrity] = database.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (integrity?.integrity_check !== 'ok')
      throw new Error(
        `the copy is damaged (${integrity?.integrity_check}), so the database is: look at it with clientele doctor --deep`,
      )
    const [orphan] = database.pragma('foreign_key_check') as { table: string; parent: string }[]
    if (orphan)
      throw new Error(
        `a row of ${orphan.table} in the copy names a row of ${orphan.parent} that is not there`,
      )
    for (const table of tables)
      database.prepare(`SELECT 1 FROM "${table.replaceAll('"', '""')}" LIMIT 1`).get()
    return (
      (database.pragma('page_count', { simple: true }) as number) *
      (database.pragma('page_size', { simple: true }) as number)
    )
  } finally {
    database.close()
  }
}

function tell(message: BackupMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message)
}
