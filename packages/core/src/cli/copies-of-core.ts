import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Where `@clientele/core` is installed for the packages of a project, as real paths. */
export async function copiesOfCore(cwd: string): Promise<readonly string[]> {
  const found = new Set<string>()
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules')
    for (const place of [modules, ...(await packagesIn(modules)).map((one) => join(one, 'node_modules'))]) {
      const path = await realpath(join(place, '@clientele', 'core')).catch(() => null)
      if (path) found.add(path)
    }
    if (dirname(folder) === folder) return [...found]
  }
}

async function packagesIn(modules: string): Promise<string[]> {
  const names = await readdir(modules).catch(() => [])
  const packages = await Promise.all(
    names.map(async (name) => {
      if (name.startsWith('.')) return []
      const path = join(modules, name)
      if (!name.startsWith('@')) return [path]
      return (await readdir(path).catch(() => [])).map((scoped) => join(path, scoped))
    }),
  )
  return packages.flat()
}
