import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Clientele } from '../clientele.types.ts'
import { forbidStart } from '../kernel/forbid-start.ts'
import { UsageError } from './usage-error.ts'

const NAME_IT = 'name it in package.json as "clientele": { "entry": "./src/cdp.ts" }, or give --entry FILE'

/**
 * Imports the module that composes the platform: the file given, else the one package.json names. It exports what
 * `createClientele()` answers, as `cdp` or as its default; one that starts it itself is refused.
 */
export async function loadComposition(cwd: string, entry: string | undefined): Promise<Clientele> {
  const file = resolve(cwd, entry ?? entryOf(cwd))
  if (!existsSync(file)) throw new UsageError(`Cannot find the composition ${file}: ${NAME_IT}`)
  const module = await importUnstarted(file)
  const cdp = await (module.cdp ?? module.default)
  if (isClientele(cdp)) return cdp
  throw new UsageError(`The module ${file} exports no composition: export const cdp = createClientele({ … })`)
}

/** A module that starts what it composes would serve, migrate and work at the first look at its routes. */
async function importUnstarted(file: string): Promise<{ cdp?: unknown; default?: unknown }> {
  forbidStart(
    `the command line has only loaded ${file}; export the composition from a module that starts nothing`,
  )
  try {
    return (await import(pathToFileURL(file).href)) as { cdp?: unknown; default?: unknown }
  } catch (cause) {
    if ((cause as { code?: unknown } | null)?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw cause
    throw new UsageError(
      `Cannot load ${file}: Node ${process.versions.node} does not run TypeScript; take Node 22.18 or newer, or name the built JavaScript as the entry`,
      { cause },
    )
  } finally {
    forbidStart(null)
  }
}

function entryOf(cwd: string): string {
  const file = resolve(cwd, 'package.json')
  if (!existsSync(file))
    throw new UsageError(`There is no package.json in ${cwd}, so no composition is known: ${NAME_IT}`)
  const { clientele } = readManifest(file)
  if (typeof clientele?.entry === 'string') return clientele.entry
  throw new UsageError(`${file} names no composition: ${NAME_IT}`)
}

function readManifest(file: string): { readonly clientele?: { readonly entry?: unknown } } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { clientele?: { entry?: unknown } }
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${(cause as Error).message}`, { cause })
  }
}

/** By shape: the host may have another copy of the core than this command line. */
function isClientele(value: unknown): value is Clientele {
  return (
    typeof value === 'object' &&
    value !== null &&
    'start' in value &&
    'migrations' in value &&
    'openapi' in value
  )
}
