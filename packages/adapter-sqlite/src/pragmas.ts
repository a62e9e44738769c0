import type Database from 'better-sqlite3'

// The population worker loads this file: nothing of the core may be imported at run time.

/**
 * Settings of a connection of ours. `synchronous` is not kept in the file, and better-sqlite3 opens an existing WAL
 * database with NORMAL: it must be set on every connection. Memory-mapped reads stay off: another process that
 * truncates the file would end this one.
 */
export function configure(
  database: Database.Database,
  options: { readonly cacheMiB: number; readonly readsOnly: boolean; readonly busyTimeoutMs?: number },
): void {
  database.pragma(`busy_timeout = ${options.busyTimeoutMs ?? 0}`)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('mmap_size = 0')
  database.pragma(`cache_size = -${options.cacheMiB * 1024}`)
  database.pragma('journal_size_limit = 67108864')
  if (options.readsOnly) database.pragma('query_only = ON')
}
