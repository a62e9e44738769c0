import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Clientele } from '@clientele/core'
import type { SharedDatabase } from '@clientele/testing'
import { audit } from '../audit.plugin.ts'
import { Note, notes, user } from '../notes.fixture.ts'

export interface WriterOptions {
  readonly database: SharedDatabase
  readonly name: string
  readonly writes: number
}

/** An instance with a trail, on a database of several. */
export function trailInstance(database: SharedDatabase) {
  const plugins = [notes(), audit()] as const
  return createClientele({
    storage: 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max: 4 }),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    plugins,
  }) satisfies Clientele<typeof plugins>
}

// As a program: writes, and seals with the job that any process of the application runs.
if (process.argv[1] === import.meta.filename) {
  const { database, name, writes } = JSON.parse(process.argv[2]!) as WriterOptions
  const cdp = trailInstance(database)
  await cdp.start()
  const { tx } = cdp.as({ actor: user(name) })
  for (let i = 0; i < writes; i++) await tx((t) => t.repo(Note).insert({ mark: { i } }))
  process.stdout.write('written\n')
}
