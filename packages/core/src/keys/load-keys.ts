import { chmod, link, readFile, rm, writeFile } from 'node:fs/promises'
import { coreErrors } from '../errors/core.errors.ts'
import type { Random } from '../ports/random.ts'
import { createKeyRing, generateKey } from './key-ring.ts'
import type { KeyRing } from './key-ring.types.ts'

/**
 * The key ring of an instance: as given, else `CLIENTELE_KEYS`, else the file beside the SQLite database, made on
 * first use and readable by its owner only.
 *
 * @throws `keys.missing` when there is no place for a file, `keys.invalid`
 */
export async function loadKeys(options: {
  readonly keys: string | undefined
  readonly keyFile: string | null
  readonly storageId: string
  readonly random: Random
}): Promise<KeyRing> {
  const given = options.keys ?? process.env['CLIENTELE_KEYS']
  if (given) return createKeyRing(given, options.random)
  if (!options.keyFile) throw coreErrors['keys.missing']({ storage: options.storageId })
  return createKeyRing(await readOrCreate(options.keyFile, options.random), options.random)
}

async function readOrCreate(file: string, random: Random): Promise<string> {
  const existing = await readIfThere(file)
  if (existing) return existing
  const draft = `${file}.${Buffer.from(random.bytes(6)).toString('hex')}`
  await writeFile(draft, `${generateKey('k1', random)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  try {
    // A link is made whole or not at all, and only by one of the processes that start at once.
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readFile(file, 'utf8')).trim()
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
