import { existsSync } from 'node:fs'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PluginNames } from './names.ts'
import { manifestOf } from './write-plugin.ts'

/**
 * Lists the package where the workspace lists its packages, as `npm install` would, which needs a registry: in
 * node_modules and the lockfile; and among the references that `npm run build` follows.
 */
export async function registerPlugin(root: string, names: PluginNames): Promise<void> {
  const folder = `packages/plugin-${names.name}`
  await change(resolve(root, 'tsconfig.json'), (config: { references: { path: string }[] }) => {
    const at = config.references.findLastIndex(({ path }) => path.startsWith('packages/'))
    config.references.splice(at + 1, 0, { path: folder })
  })
  const { name, version, license, devDependencies, engines, peerDependencies } = manifestOf(root, names)
  await change(resolve(root, 'package-lock.json'), (lockfile: { packages: Record<string, object> }) => {
    lockfile.packages = inOrder({
      ...lockfile.packages,
      [`node_modules/${name}`]: { resolved: folder, link: true },
      [folder]: { name, version, license, devDependencies, engines, peerDependencies },
    })
  })
  const link = resolve(root, 'node_modules', name)
  if (!existsSync(link)) await symlink(resolve(root, folder), link, 'junction')
}

async function change<T>(file: string, edit: (content: T) => void): Promise<void> {
  const content = JSON.parse(await readFile(file, 'utf8')) as T
  edit(content)
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** As npm writes them: a later `npm install` changes nothing. */
function inOrder(packages: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')))
}
