import { readFile, stat } from 'node:fs/promises'
import type { Runtime } from '../kernel/runtime.ts'
import { createKeyRing } from '../keys/key-ring.ts'
import { withScratch } from '../migration/draft-migration.ts'
import { schemaDrift } from '../migration/drift.ts'
import { fail, ok, warn, type Check } from './check.ts'
import { healthReader } from './health.ts'

interface Options {
  readonly deep?: boolean
  readonly open: () => Promise<void>
  readonly keys: string | undefined
}

const LEAST_NODE = [22, 18] as const

/** Looks at everything that `clientele doctor` lists; changes nothing. */
export async function diagnose(
  runtime: Runtime,
  { deep = false, open, keys }: Options,
): Promise<readonly Check[]> {
  const first = [nodeCheck(process.versions.node), await keysCheck(runtime, keys)]
  if (runtime.storage.exists?.() === false) {
    const wayOut = 'Start the application once, or run clientele migrate up'
    return [...first, warn('database', `There is no ${runtime.storage.id} yet`, wayOut)]
  }
  try {
    await open()
  } catch (error) {
    const wayOut = 'Look at its address and credentials, and whether it runs'
    return [...first, fail('database', (error as Error).message, wayOut)]
  }
  const health = await healthReader(runtime)()
  const migrated = health.migrations?.pending.length === 0
  return [
    ...first,
    ...health.checks,
    ...(migrated ? [await driftCheck(runtime)] : []),
    ...(health.database ? [await dataCheck(runtime, deep)] : []),
  ]
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return isEnough
    ? ok('node', `Node ${version}`)
    : fail('node', `Node ${version} is too old`, `Install Node ${leastMajor}.${leastMinor} or later`)
}

async function keysCheck({ storage, random }: Runtime, given: string | undefined): Promise<Check> {
  const wayOut = 'Give the keys back: without them secrets, links and sessions that exist are lost'
  const ring = given ?? process.env['CLIENTELE_KEYS']
  if (ring) {
    try {
      createKeyRing(ring, random)
      return ok('keys', given ? 'The composition gives them' : 'CLIENTELE_KEYS gives them')
    } catch (error) {
      return fail('keys', (error as Error).message, wayOut)
    }
  }
  if (storage.keyFile === null)
    return fail('keys', 'There are none, and this database has no file for them', 'Set CLIENTELE_KEYS')
  const found = await stat(storage.keyFile).catch(() => null)
  if (!found) {
    return storage.exists?.() === false
      ? ok('keys', 'They are made with the database')
      : warn('keys', `The file ${storage.keyFile} is missing; the next start makes new ones`, wayOut)
  }
  try {
    createKeyRing((await readFile(storage.keyFile, 'utf8')).trim(), random)
  } catch (error) {
    return fail('keys', `${storage.keyFile} does not hold them: ${(error as Error).message}`, wayOut)
  }
  const mode = found.mode & 0o777
  // Windows knows no such bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0)
    return ok('keys', `They lie in ${storage.keyFile}, readable by its owner only`)
  return fail(
    'keys',
    `Others may read ${storage.keyFile}: its mode is ${mode.toString(8)}`,
    `chmod 600 ${storage.keyFile}`,
  )
}

async function driftCheck(runtime: Runtime): Promise<Check> {
  const { registry, storage } = runtime
  try {
    const drift = await withScratch(runtime, (scratch) => schemaDrift(registry, storage, scratch))
    if (drift.length === 0)
      return ok('schema', `All ${registry.entities.size} tables are what their entities say`)
    const more = drift.length > 3 ? `; and ${drift.length - 3} more` : ''
    return fail(
      'schema',
      `${drift.slice(0, 3).join('; ')}${more}`,
      'Write the missing migration: clientele migrate new NAME --plugin ID',
    )
  } catch (error) {
    const wayOut = "Give the role the right to create a schema, or run the plugin's own tests"
    return warn('schema', `It could not be compared with the entities: ${(error as Error).message}`, wayOut)
  }
}

async function dataCheck({ storage }: Runtime, deep: boolean): Promise<Check> {
  if (!storage.verify) return ok('data', 'This adapter does not look through the data')
  try {
    const problems = await storage.verify({ deep })
    if (problems.length === 0)
      return ok(
        'data',
        deep
          ? 'Every page and every reference is sound'
          : 'Every reference is sound; --deep reads every page',
      )
    const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
    return fail(
      'data',
      `${problems.slice(0, 3).join('; ')}${more}`,
      'Stop the application and restore the last good backup beside it',
    )
  } catch (error) {
    return fail('data', `It could not be read: ${(error as Error).message}`, 'Look at the disk')
  }
}
