import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { PackageManifest } from './package-manifest.ts'

export interface Tarball {
  readonly manifest: PackageManifest
  readonly file: string
  /** Paths inside the package. */
  readonly content: readonly string[]
}

interface NpmPackResult {
  readonly name: string
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

export function packAll(manifests: readonly PackageManifest[], folder: string): Tarball[] {
  const workspaces = manifests.flatMap(({ name }) => ['--workspace', name])
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces]
  const output = execFileSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' })
  const results = Object.values(JSON.parse(output) as Record<string, NpmPackResult>)
  return results.map(({ name, filename, files }) => ({
    manifest: manifests.find((manifest) => manifest.name === name)!,
    file: join(folder, filename),
    content: files.map((file) => file.path),
  }))
}

/** publint's findings and our own: licence and README are in, tests and build leftovers are not. */
export async function lintTarball({ manifest, file, content }: Tarball): Promise<string[]> {
  const bytes = readFileSync(file)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true })
  const missing = ['LICENSE', 'README.md', ...Object.values(manifest.bin ?? {}).map((path) => path.slice(2))]
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...missing.filter((path) => !content.includes(path)).map((path) => `${path} is missing from the tarball`),
    ...content
      .filter((path) => /\.(test|test-d|fixture)\.|\.tsbuildinfo$/.test(path))
      .map((path) => `${path} does not belong into the tarball`),
  ].map((problem) => `${manifest.name}: ${problem}`)
}

export function unpack(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  execFileSync('tar', ['-xzf', file, '-C', folder, '--strip-components=1'])
}
