/**
 * `node tools/admin-size/main.ts` (after a build): what a browser has to load, compressed, and what it may be. The
 * first load of a page is its script, the shared files, and whatever these import at once; chunks that are imported
 * later count for nothing here but are listed.
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
  { name: 'dashboard, scripts', files: [...shared, `${SHELL}/shell.js`], limit: 45 * KB },
  { name: 'dashboard, styles', files: [`${SHELL}/shell.css`], limit: 12 * KB },
  { name: 'sign-in, scripts', files: [`${SHELL}/runtime.js`, `${SHELL}/accounts.js`], limit: 20 * KB },
  { name: 'sign-in, styles', files: [`${SHELL}/accounts.css`], limit: 12 * KB },
  ...panels.map((file) => ({ name: `screen of ${file.split('/')[1]}`, files: [file], limit: 12 * KB })),
]

let tooLarge = 0
for (const { name, files, limit } of loads) {
  const size = closureOf(files).reduce((sum, file) => sum + compressed(file), 0)
  if (size > limit) tooLarge++
  const verdict = size > limit ? `over ${limit / KB} KB` : `of ${limit / KB} KB`
  console.log(`${name.padEnd(30)} ${(size / KB).toFixed(1).padStart(6)} KB ${verdict}`)
}
const first = new Set(loads.flatMap(({ files }) => closureOf(files)))
for (const file of globSync(['packages/*/dist/{app,admin}/*.js']).toSorted())
  if (!first.has(file))
    console.log(`  later: ${basename(file).padEnd(21)} ${(compressed(file) / KB).toFixed(1).padStart(6)} KB`)
if (tooLarge > 0) process.exitCode = 1

/** The files and everything that they import before they run. */
function closureOf(files: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const open = [...files]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    if (!existsSync(file)) throw new Error(`${file} was not built: run "npm run build:admin"`)
    found.add(file)
    if (!file.endsWith('.js')) continue
    const text = readFileSync(file, 'utf8')
    for (const [, name] of text.matchAll(/(?:\bfrom|^import|[;}]import)\s*["']\.\/([^"']+)["']/g))
      open.push(join(dirname(file), name!))
  }
  return [...found]
}

function compressed(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length
}
