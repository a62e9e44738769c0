import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { Family } from './lib/family.ts'
import { measureExport } from './transfer/measure-export.ts'
import { measureImport } from './transfer/measure-import.ts'

/**
 * `import.{sqlite,postgres}.ratio`: rows per second of a CSV import over a streaming insert loop written by hand for
 * that one file, into equal tables, every commit on the disk. `export.{sqlite,postgres}.ratio`: of a CSV export to a file
 * over a loop written by hand for that one table; both files must be equal.
 */
export const transfer: Family = {
  name: 'transfer',
  about: 'CSV files in and out, over loops written by hand',
  targets: {
    'import.sqlite.ratio': { atLeast: 0.35 },
    'import.postgres.ratio': { atLeast: 0.35 },
    'export.sqlite.ratio': { atLeast: 0.4 },
    'export.postgres.ratio': { atLeast: 0.4 },
  },
  async run({ small, log }) {
    const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
    const server = await startPostgres({ durable: true })
    try {
      const rows = small ? 20_000 : 200_000
      const bench = { folder, postgresUrl: server.url, rows, rounds: small ? 2 : 3, log }
      return { ...(await measureImport(bench)), ...(await measureExport(bench)) }
    } finally {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}
