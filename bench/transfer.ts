import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { Family } from './lib/family.ts'
import { measureImport } from './transfer/measure-import.ts'

/**
 * `import.{sqlite,postgres}.ratio`: rows per second of a CSV import over a streaming insert loop written by hand for
 * that one file, into equal tables, every commit on the disk.
 */
export const transfer: Family = {
  name: 'transfer',
  about: 'CSV files in, over loops written by hand',
  targets: {
    'import.sqlite.ratio': { atLeast: 0.35 },
    'import.postgres.ratio': { atLeast: 0.35 },
  },
  async run({ small, log }) {
    const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
    const server = await startPostgres({ durable: true })
    try {
      const rows = small ? 20_000 : 200_000
      return await measureImport({ folder, postgresUrl: server.url, rows, rounds: small ? 2 : 3, log })
    } finally {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}
