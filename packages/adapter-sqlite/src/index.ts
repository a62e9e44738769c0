export { sqlite, type HostDatabase, type SqliteOptions } from './sqlite.ts'
export { sqliteErrors } from './sqlite.errors.ts'
