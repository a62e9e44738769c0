import { globSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { PluginNames } from './names.ts'

const TEMPLATE = resolve(import.meta.dirname, 'template')

/** The neighbour whose package.json the new one repeats: its versions are those of the house. */
const NEIGHBOUR = 'packages/plugin-inventory/package.json'

/** Writes the package's files from the templates; answers their paths. */
export async function writePlugin(root: string, names: PluginNames): Promise<readonly string[]> {
  const folder = resolve(root, `packages/plugin-${names.name}`)
  const manifest = manifestOf(root, names)
  const fill = (text: string): string => filled(text, { ...names, version: manifest.version })
  const files = globSync('**/*.txt', { cwd: TEMPLATE })
  for (const file of files) {
    const path = join(folder, fill(file).replace(/\.txt$/, ''))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, fill(await readFile(join(TEMPLATE, file), 'utf8')))
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await copyFile(resolve(root, 'LICENSE'), join(folder, 'LICENSE'))
  return [...files, 'package.json', 'LICENSE']
}

/** What the generator reads and writes of a package.json. */
export interface Manifest {
  readonly name: string
  readonly description: string
  readonly version: string
  readonly license: string
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly engines: Readonly<Record<string, string>>
}

/** The manifest of the new package: the neighbour's, needing only what the templates use. */
export function manifestOf(root: string, { name, Many }: PluginNames): Manifest {
  const neighbour = JSON.parse(readFileSync(resolve(root, NEIGHBOUR), 'utf8')) as Manifest
  const only = (all: Readonly<Record<string, string>>, wanted: readonly string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([one]) => wanted.includes(one)))
  return {
    ...neighbour,
    name: `@clientele/plugin-${name}`,
    description: `${Many} for Clientele.`,
    devDependencies: only(neighbour.devDependencies, ['@clientele/testing', 'vitest', 'zod']),
    peerDependencies: only(neighbour.peerDependencies, ['@clientele/core', 'zod']),
  }
}

function filled(text: string, names: PluginNames & { readonly version: string }): string {
  return text.replace(/__([A-Za-z]+?)__/g, (place, name: string) => {
    const value = (names as unknown as Readonly<Record<string, string>>)[name]
    if (value === undefined) throw new Error(`A template names ${place}, which is not among the names`)
    return value
  })
}
