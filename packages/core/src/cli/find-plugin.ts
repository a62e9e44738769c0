import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from './usage-error.ts'

/** A plugin of the project: its id, and where its files lie. */
export interface FoundPlugin {
  readonly id: string
  readonly module: string
  readonly folder: string
}

/**
 * Finds a plugin by its module, or by the folder in which a `*.plugin.ts` lies (or its `src`).
 * @throws UsageError
 */
export async function findPlugin(cwd: string, path: string): Promise<FoundPlugin> {
  const module = await moduleAt(resolve(cwd, path))
  const exported = (await import(pathToFileURL(module).href)) as Readonly<Record<string, unknown>>
  const ids = new Set(Object.values(exported).flatMap((value) => pluginIdOf(value) ?? []))
  const [id] = ids
  if (id === undefined)
    throw new UsageError(`The module ${module} exports no plugin: export const notes = definePlugin({ … })`)
  if (ids.size > 1)
    throw new UsageError(
      `The module ${module} exports several plugins (${[...ids].join(', ')}); name one of its own`,
    )
  return { id, module, folder: dirname(module) }
}

async function moduleAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (!found)
    throw new UsageError(`Cannot find the plugin ${path}: give its folder or its module as --plugin PATH`)
  if (found.isFile()) return path
  for (const folder of [path, join(path, 'src')]) {
    const modules = (await readdir(folder).catch(() => [])).filter((name) =>
      /\.plugin\.(ts|js|mjs)$/.test(name),
    )
    if (modules.length === 1) return join(folder, modules[0]!)
    if (modules.length > 1)
      throw new UsageError(
        `There are several plugins in ${folder} (${modules.join(', ')}): give one as --plugin PATH`,
      )
  }
  throw new UsageError(`There is no *.plugin.ts in ${path}: give the plugin's module as --plugin PATH`)
}

/** Of a factory, as `definePlugin` answers it, or of a plugin that it has made. */
function pluginIdOf(value: unknown): string | null {
  if (typeof value === 'function' && 'pluginId' in value) return String(value.pluginId)
  if (typeof value !== 'object' || value === null || !('$$type' in value) || !('id' in value)) return null
  return value.$$type === 'clientele/plugin' ? String(value.id) : null
}
