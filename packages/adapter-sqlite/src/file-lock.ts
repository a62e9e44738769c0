import Database from 'better-sqlite3'
import { untilFree } from './busy.ts'

const LOCK_TIMEOUT = 60_000

/**
 * Runs `run` while this caller alone, among all processes, holds the lock file. The lock is SQLite's own on a database
 * beside the data, so that `run` can write to the data, and a process that dies gives it up. The file stays: removing
 * it would race with those who wait.
 *
 * @throws `storage.busy` after 60 s
 */
export async function withFileLock<T>(file: string, run: () => Promise<T>): Promise<T> {
  const database = new Database(file, { timeout: 0 })
  try {
    await untilFree(() => database.exec('BEGIN EXCLUSIVE'), LOCK_TIMEOUT)
    return await run()
  } finally {
    database.close()
  }
}
