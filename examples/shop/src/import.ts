import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_DATABASE, openDatabase } from './database.ts'
import { importFile } from './online-retail/import-file.ts'
import { createProgress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { createShop } from './shop.ts'
import { UsageError } from './usage-error.ts'

const HELP = `Imports the Online Retail file (CSV, also gzipped) into the example shop.

Usage: npm run -s shop:import -- FILE [--db URL]

  --db URL   sqlite:FILE or postgres://…   [DATABASE_URL, or the example's own SQLite file]
  --help     this text

Shows its progress on stderr and prints one JSON object on stdout:
  rows          rows of the file
  customers, orders, gross
                sums over purchase rows (a customer, a quantity and a price above zero); gross in pounds
  outcomes      what became of the rows, counted in the database
  unaccounted   rows without an outcome
  seconds, maxRssMb

Run it twice and nothing is doubled; interrupt it and run it again, and it finishes.`

await runCommand(async (signal) => {
  const { file, url } = readArguments()
  if (file === null) {
    process.stdout.write(`${HELP}\n`)
    return
  }
  const started = performance.now()
  const { storage, keys } = openDatabase(url)
  const { shop } = createShop(storage, { keys })
  await shop.start({ workers: false })
  const progress = createProgress('importing')
  try {
    const imported = await importFile(shop, storage, file, { onProgress: progress.update, signal })
    const seconds = Math.round(performance.now() - started) / 1000
    const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1024)
    process.stdout.write(`${JSON.stringify({ ...imported, seconds, maxRssMb })}\n`)
  } finally {
    progress.end()
    await shop.stop()
  }
})

function readArguments(): { readonly file: string | null; readonly url: string } {
  const url = process.env['DATABASE_URL'] || DEFAULT_DATABASE
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { db: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return { file: null, url }
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('Name one file to import; see --help')
    return { file: resolve(file), url: values.db ?? url }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${(error as Error).message}; see --help`, { cause: error })
  }
}
