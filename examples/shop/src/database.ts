import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { generateKey, systemRandom, type Storage } from '@clientele/core'
import { UsageError } from './usage-error.ts'

/** Where the example keeps what it makes: the default database, and keys that have no other place. Not in git. */
const DATA_FOLDER: string = fileURLToPath(new URL('../.data/', import.meta.url))

/** A file of its own, the same whatever folder the command is typed in. */
export const DEFAULT_DATABASE = `sqlite:${join(DATA_FOLDER, 'shop.db')}`

export interface Database {
  readonly storage: Storage
  /** Only where the storage itself has no place for a key file. */
  readonly keys?: string | undefined
}

/**
 * The storage behind `sqlite:FILE` (from the folder the command is typed in) or `postgres://…`. Changing this one line
 * of a deployment moves it from one database to the other.
 *
 * @throws {@link UsageError} for anything else
 */
export function openDatabase(url: string): Database {
  const file = /^sqlite:(?:\/\/)?(.+)$/s.exec(url)?.[1]
  if (file !== undefined) return { storage: sqlite(resolve(file)) }
  if (/^postgres(?:ql)?:\/\/./.test(url)) return { storage: postgres({ url }), keys: postgresKeys() }
  throw new UsageError(
    `Cannot open the database "${url}": write sqlite:FILE or postgres://user:password@host:5432/database`,
  )
}

/** A real deployment sets CLIENTELE_KEYS from its secret store; an example should start without being asked for it. */
function postgresKeys(): string | undefined {
  if (process.env['CLIENTELE_KEYS']) return undefined
  const file = join(DATA_FOLDER, 'keys')
  if (!existsSync(file)) {
    mkdirSync(DATA_FOLDER, { recursive: true })
    writeFileSync(file, `${generateKey('k1', systemRandom())}\n`, { mode: 0o600 })
    process.stderr.write(
      `CLIENTELE_KEYS is not set; made a key in ${file}, which is fine for an example only: whoever runs the shop for real keeps keys in a secret store.\n`,
    )
  }
  return readFileSync(file, 'utf8').trim()
}
