/**
 * `npm run size:admin` (after a build): what a browser has to load, compressed, and what it may be. A load is its files
 * and whatever these import at once. What a panel imports later is a load of its own, without what is there already.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const SHELL = 'packages/admin/dist/app'
const KB = 1024

interface Load {
  readonly name: string
  readonly files: readonly string[]
  /** In bytes, compressed. */
  readonly limit: number
}

const shared = [`${SHELL}/runtime.js`, `${SHELL}/sdk.js`]
const panels = globSync('packages/*/dist/admin/panel.js').toSorted()
const loads: readonly Load[] = [
  { name: 'dashboard, scripts', files: closureOf([...shared, `${SHELL}/shell.js`]), limit: 45 * KB },
  { name: 'dashboard, styles', files: [`${SHELL}/shell.css`], limit: 12 * KB },
  {
    name: 'sign-in, scripts',
    files: closureOf([`${SHELL}/runtime.js`, `${SHELL}/accounts.js`]),
    limit: 20 * KB,
  },
  { name: 'sign-in, styles', files: [`${SHELL}/accounts.css`], limit: 12 * KB },
  ...panels.flatMap(screensOf),
]

let tooLarge = 0
for (const { name, files, limit } of loads) {
  const size = files.reduce((sum, file) => sum + compressed(file), 0)
  if (size > limit) tooLarge++
  const verdict = size > limit ? `over ${limit / KB} KB` : `of ${limit / KB} KB`
  console.log(`${name.padEnd(40)} ${(size / KB).toFixed(1).padStart(6)} KB ${verdict}`)
}
const counted = new Set(loads.flatMap(({ files }) => files))
for (const file of globSync(`${SHELL}/*.js`).toSorted())
  if (!counted.has(file))
    console.log(`  later: ${basename(file).padEnd(31)} ${(compressed(file) / KB).toFixed(1).padStart(6)} KB`)
if (tooLarge > 0) process.exitCode = 1

/** What a panel begins with, and each page of it that is loaded when somebody goes there. */
function screensOf(panel: string): readonly Load[] {
  const plugin = panel.split('/')[1]!
  const first = closureOf([panel])
  const later = new Set(first.flatMap((file) => importsOf(file, 'later')))
  return [
    { name: plugin, files: first, limit: 12 * KB },
    ...[...later].map((file) => ({
      name: `${plugin}, ${basename(file).replace(/-\w+\.js$/, '')}`,
      files: closureOf([file]).filter((one) => !first.includes(one)),
      limit: 12 * KB,
    })),
  ]
}

/** The files and everything that they import before they run. */
function closureOf(files: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const open = [...files]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    if (!existsSync(file)) throw new Error(`${file} was not built: run "npm run build:admin"`)
    found.add(file)
    open.push(...importsOf(file, 'at once'))
  }
  return [...found]
}

/** What a built file imports, by the paths that stand in it. */
function importsOf(file: string, when: 'at once' | 'later'): readonly string[] {
  if (!file.endsWith('.js')) return []
  const pattern =
    when === 'later'
      ? /\bimport\(\s*["']\.\/([^"']+)["']/g
      : /(?:\bfrom|^import|[;}]import)\s*["']\.\/([^"']+)["']/g
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name]) => join(dirname(file), name!))
}

function compressed(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length
}
