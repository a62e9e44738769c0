import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { emptyDatabase } from './empty-database.fixture.ts'
import { migratorOf, threeTables } from './schema-registry.fixture.ts'

const FIXTURE = fileURLToPath(new URL('./migrate-process.fixture.ts', import.meta.url))
const EACH_ONCE = ['notes/0001-first', 'notes/0002-second', 'notes/0003-third']
const run = promisify(execFile)

test(
  'of 8 processes that start at once on an empty SQLite file, one migrates',
  { timeout: 120_000 },
  async () => {
    const { file } = await emptyDatabase('sqlite')
    const argv = ['--conditions=@clientele/source', FIXTURE, file]

    const answers = await Promise.all(Array.from({ length: 8 }, () => run(process.execPath, argv)))

    expect(answers.flatMap(({ stdout }) => JSON.parse(stdout) as string[])).toEqual(EACH_ONCE)
    expect(answers.map(({ stderr }) => stderr).join('')).toBe('')
  },
)

test(
  'of 20 instances that start at once on an empty PostgreSQL, one migrates',
  { timeout: 120_000 },
  async () => {
    const database = await emptyDatabase('postgres')
    const storages = await Promise.all(Array.from({ length: 20 }, () => database.open()))

    const ran = await Promise.all(storages.map((storage) => migratorOf(storage, threeTables).up()))

    expect(ran.flat()).toEqual(EACH_ONCE)
  },
)
