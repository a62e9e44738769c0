import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { NameError, type PluginNames } from './names.ts'

/** @throws NameError when the package, the plugin's id, its entity or its path is another's already */
export async function refuseTaken(root: string, names: PluginNames): Promise<void> {
  if (existsSync(resolve(root, `packages/plugin-${names.name}`)))
    throw new NameError(
      `packages/plugin-${names.name} is there already; take another name, or remove it first`,
    )
  for (const file of globSync('packages/*/src/**/*.{plugin,entity,routes}.ts', { cwd: root })) {
    const text = readFileSync(resolve(root, file), 'utf8')
    const [what, name] = takenIn(text, names)
    if (what) throw new NameError(`The ${what} "${name}" is taken by ${file}; ${WAY_OUT[what]}`)
  }
}

const WAY_OUT = {
  plugin: 'take another name',
  entity: 'name the rows otherwise: --noun',
  path: 'name the rows otherwise: --noun',
} as const

function takenIn(
  text: string,
  { name, nouns, path }: PluginNames,
): readonly [keyof typeof WAY_OUT, string] | readonly [] {
  if (new RegExp(`definePlugin\\(\\{\\s*id: '${name}'`).test(text)) return ['plugin', name]
  if (new RegExp(`(?:defineEntity\\(|extendEntity\\([^,]*,)\\s*'${nouns}'`).test(text))
    return ['entity', nouns]
  const url = `/api/v1/${path}`
  return text.includes(`'${url}'`) || text.includes(`'${url}/`) ? ['path', url] : []
}
