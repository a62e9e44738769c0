import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Family } from './lib/family.ts'

const FILE = 'examples/shop/data/online-retail-quarter.csv.gz'

interface Imported {
  readonly rows: number
  readonly unaccounted: number
  readonly seconds: number
  readonly maxRssMb: number
}

/**
 * `import.rowsPerSecond`: rows of the shop's committed quarter a second, on SQLite, from starting the platform on an
 * empty file to the last figure; what `npm run shop:import` says of itself.
 */
export const imports: Family = {
  name: 'import',
  about: 'the example shop’s importer on its own file',
  targets: {},
  async run({ log }) {
    const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
    try {
      const args = ['--conditions=@clientele/source', 'examples/shop/src/import.ts', FILE]
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...args,
        ...['--db', `sqlite:${join(folder, 'shop.db')}`],
      ])
      const { rows, unaccounted, seconds, maxRssMb } = JSON.parse(stdout) as Imported
      if (unaccounted !== 0) throw new Error(`${unaccounted} of ${rows} rows have no outcome`)
      log(`${rows} rows in ${seconds} s`)
      return { 'import.rowsPerSecond': Math.round(rows / seconds), 'import.maxRssMb': maxRssMb }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
