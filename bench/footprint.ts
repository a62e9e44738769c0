import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PackageManifest } from '../tools/pack-check/package-manifest.ts'
import { packAll } from '../tools/pack-check/tarballs.ts'
import { answer, buildPackages, startBuilt } from './lib/built-process.ts'
import type { BenchOptions, Family, Figures } from './lib/family.ts'

/** What the shop on SQLite installs. */
const INSTALLED = [
  ...['@clientele/core', '@clientele/conditions', '@clientele/adapter-sqlite'],
  ...['customers', 'inventory', 'orders', 'segments'].map((name) => `@clientele/plugin-${name}`),
]

/** How long the process stands idle before it is weighed. */
const IDLE_MS = 2000

/**
 * `footprint.packages`: packages in `node_modules` after a production install of the packed core, SQLite adapter and
 * plugins, our own included. `footprint.idleRssMb`: resident memory of the example's composition, idle after its start,
 * in MB of a million bytes.
 */
export const footprint: Family = {
  name: 'footprint',
  about: 'packages installed, memory of an idle process',
  targets: { 'footprint.packages': { atMost: 120 }, 'footprint.idleRssMb': { atMost: 150 } },
  async run(options) {
    buildPackages(options)
    const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
    try {
      return { ...(await weigh(folder)), ...install(folder, options) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function weigh(folder: string): Promise<Figures> {
  const file = join(folder, 'idle.db')
  const script = new URL('boot-process-clientele.mjs', import.meta.url)
  // The first start migrates, which a second one does not.
  await (await startBuilt(script, [file])).stop()
  const running = await startBuilt(script, [file])
  await sleep(IDLE_MS)
  running.child.send('weigh')
  const { rss } = await answer<{ rss: number }>(running.child)
  await running.stop()
  return { 'footprint.idleRssMb': Math.round(rss / 1e6) }
}

function install(folder: string, { log }: BenchOptions): Figures {
  log('a production install from the registry')
  const manifests = globSync('packages/*/package.json')
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as PackageManifest)
    .filter(({ name }) => INSTALLED.includes(name))
  const tarballs = packAll(manifests, folder)
  const dependencies = Object.fromEntries(
    tarballs.map(({ manifest, file }) => [manifest.name, `file:${file}`]),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'host', private: true, type: 'module', dependencies }),
  )
  execFileSync(
    'npm',
    ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  // What npm wrote down about the tree it has made.
  const tree = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>
  }
  return { 'footprint.packages': Object.keys(tree.packages).length }
}
