export { sqlite, type HostDatabase, type SqliteOptions } from './sqlite.ts'
