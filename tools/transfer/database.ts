import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import type { Storage } from '@clientele/core'

/** A database as a process is told of it. */
export type Database = { readonly sqlite: string } | { readonly url: string; readonly schema: string }

export function storageOf(database: Database): Storage {
  return 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max: 4 })
}
