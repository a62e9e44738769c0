import type { ResolvedOptions } from './postgres.options.ts'

/** Where the storage connects to, for people; never with the password. */
export function targetOf({ url, pool }: Pick<ResolvedOptions, 'url' | 'pool'>): string {
  if (pool) return "PostgreSQL of the host's pool"
  const parsed = url && URL.canParse(url) ? new URL(url) : null
  const host = parsed?.host || parsed?.searchParams.get('host') || process.env['PGHOST'] || 'localhost'
  const database = parsed?.pathname.slice(1) || process.env['PGDATABASE'] || 'the default database'
  return `PostgreSQL at ${host}, database "${decodeURIComponent(database)}",`
}
