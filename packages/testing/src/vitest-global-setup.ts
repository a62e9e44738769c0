import type { TestProject } from 'vitest/node'
import { startPostgres } from './embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL that tests may create databases in; read it with `inject('postgresUrl')`. */
    postgresUrl: string
  }
}

/**
 * Vitest `globalSetup`: one real PostgreSQL for the whole run, not durable. `CLIENTELE_TEST_PG` (a `postgres://` URL
 * of a user who may create databases) names a server to use instead of an embedded one.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['CLIENTELE_TEST_PG']
  if (given) {
    project.provide('postgresUrl', given)
    return undefined
  }
  const server = await startPostgres({ durable: false })
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
