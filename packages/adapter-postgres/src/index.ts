export { postgresErrors } from './postgres.errors.ts'
export type { PgClient, PgPool, PgPoolClient, PostgresOptions } from './postgres.options.ts'
export { postgres } from './postgres.ts'
