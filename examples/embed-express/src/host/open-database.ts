import type { Database } from './database.ts'
import { postgresDatabase } from './postgres-database.ts'
import { sqliteDatabase } from './sqlite-database.ts'

/** The one line that differs between the two databases. */
export function openDatabase(url: string): Database {
  return url.startsWith('postgres') ? postgresDatabase(url) : sqliteDatabase(url.replace(/^sqlite:/, ''))
}
