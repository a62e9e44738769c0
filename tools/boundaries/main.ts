/**
 * `npm run boundaries`: do the packages know only what they may know? Prints each breach as `file:line message`
 * and ends with 1 if there is one.
 */
import { globSync, readFileSync } from 'node:fs'
import { checkBoundaries, type Manifest } from './rules.ts'
import { readSource } from './source-file.ts'

const manifests = globSync('{packages,examples}/*/package.json').toSorted().map(readManifest)
const files = globSync('{packages,examples,bench,tools}/**/*.ts', { exclude: ['**/node_modules', '**/dist'] })
  .map((path) => path.replaceAll('\\', '/'))
  .toSorted()
  .map((path) => readSource(path, readFileSync(path, 'utf8')))

const violations = checkBoundaries(manifests, files)
for (const { path, line, message } of violations) console.error(`${path}:${line} ${message}`)
console.log(`${files.length} files in ${manifests.length} packages, ${violations.length} breaches`)
if (violations.length > 0) process.exitCode = 1

function readManifest(path: string): Manifest {
  const { name, ...fields } = JSON.parse(readFileSync(path, 'utf8')) as {
    name: string
    [field: string]: unknown
  }
  const keys = (field: string): string[] => Object.keys(fields[field] ?? {})
  return {
    name,
    folder: path.replaceAll('\\', '/').replace(/\/package\.json$/, ''),
    dependencies: keys('dependencies'),
    peerDependencies: keys('peerDependencies'),
    devDependencies: keys('devDependencies'),
    exports: keys('exports'),
  }
}
