import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { entrySpecifiers, type PackageManifest } from './package-manifest.ts'

/** Only what the packages declare is there: an undeclared dependency fails to import. */
export function linkThirdParties(manifests: readonly PackageManifest[], project: string): void {
  const declared = new Set(
    manifests.flatMap((one) => Object.keys({ ...one.dependencies, ...one.peerDependencies })),
  )
  for (const name of declared) {
    if (manifests.some((one) => one.name === name)) continue
    for (const linked of [name, `@types/${name}`]) link(linked, project)
  }
  link('@types/node', project)
}

function link(name: string, project: string): void {
  const target = resolve('node_modules', name)
  const path = join(project, 'node_modules', name)
  if (!existsSync(target) || existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, 'junction')
}

/** One file that imports everything at run time, one that does so in TypeScript. */
export function writeConsumer(manifests: readonly PackageManifest[], project: string): void {
  const specifiers = manifests.flatMap(entrySpecifiers)
  const write = (name: string, text: string): void => writeFileSync(join(project, name), text)
  const imports = specifiers
    .map((specifier, index) => `import * as entry${index} from '${specifier}'\n`)
    .join('')
  const uses = `export const all = [${specifiers.map((_, index) => `entry${index}`).join(', ')}]\n`
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  write('consumer.js', imports + uses)
  write('consumer.ts', imports + uses)
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        module: 'nodenext',
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        types: ['node'],
      },
      files: ['consumer.ts'],
    }),
  )
}

/** Imports every entry with plain Node, type-checks the consumer. Answers what failed. */
export async function tryConsumer(project: string): Promise<string[]> {
  const [imported, checked] = await Promise.all([
    run(process.execPath, ['consumer.js'], project),
    run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], project),
  ])
  return [
    ...(imported ? [`the packed packages cannot be imported:\n${imported}`] : []),
    ...(checked ? [`a consumer of the packed packages does not type-check:\n${checked}`] : []),
  ]
}

/** Every bin must answer `--version` with its package's version. */
export function runCommands(manifests: readonly PackageManifest[], project: string): string[] {
  return manifests.flatMap(({ name, version, bin }) =>
    Object.entries(bin ?? {}).flatMap(([command, file]) => {
      const path = join(project, 'node_modules', name, file)
      const { status, stdout, stderr } = spawnSync(process.execPath, [path, '--version'], {
        cwd: project,
        encoding: 'utf8',
      })
      return status === 0 && stdout.includes(version)
        ? []
        : [`${command} --version does not answer ${version}: ${stdout}${stderr}`]
    }),
  )
}

/** Empty where the command succeeded, otherwise what it printed. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((done) => {
    const { NODE_OPTIONS: _, ...env } = process.env
    const child = spawn(command, args, { cwd, env })
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.stderr.on('data', (chunk) => (output += String(chunk)))
    child.on('close', (code) => done(code === 0 ? '' : output || `it ended with ${code}`))
  })
}
