import { coreErrors, isClienteleError } from '@clientele/core'
import Database from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { untilFree } from './busy.ts'
import { configure } from './pragmas.ts'
import { sqliteErrors } from './sqlite.errors.ts'

const START_TIMEOUT = 30_000

/**
 * Opens a connection with our settings. Other processes may be starting on the same new file: switching it to WAL
 * finds it busy, and is tried again.
 *
 * @throws `storage.unavailable`, `storage.busy`
 */
export async function openDatabase(
  file: string,
  settings: Parameters<typeof configure>[1],
): Promise<Database.Database> {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return await untilFree(() => openNow(file, settings), START_TIMEOUT)
  } catch (error) {
    throw unavailable(file, error)
  }
}

/** Opens a further connection to a database that is in use already. */
export function openNow(file: string, settings: Parameters<typeof configure>[1]): Database.Database {
  const database = new Database(file, { timeout: 0 })
  try {
    configure(database, settings)
    assertSound(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Refuses the SQLite versions whose WAL can lose pages with several connections (3.7.0 to 3.51.2). */
export function assertSound(database: Database.Database): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major * 1_000_000 + minor * 1000 + patch < 3_051_003) {
    throw sqliteErrors['sqlite.too_old']({ version, minimum: '3.51.3' })
  }
}

function unavailable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || isClienteleError(error)) return error
  return coreErrors['storage.unavailable'](
    { reason: `SQLite file ${file}: ${error.message}` },
    { cause: error },
  )
}
