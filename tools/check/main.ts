/**
 * `npm run check`: the one gate before a push, the same here and in CI. Runs the steps in order, stops at the first
 * that fails and names it. The last line is the test runner's count: `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { readSummary } from './summary.ts'

const reportFile = 'node_modules/.cache/check/tests.json'
const steps: readonly (readonly [name: string, command: string])[] = [
  ['lockfile', 'node tools/lockcheck/main.ts'],
  ['format', 'oxfmt --check'],
  ['lint', 'oxlint'],
  ['types', 'npm run -s typecheck'],
  ['boundaries', 'node tools/boundaries/main.ts'],
  ['unused code and dependencies', 'knip --no-config-hints'],
  ['tests', `vitest run --reporter=default --reporter=json --outputFile.json=${reportFile}`],
  ['build', 'npm run -s build'],
  ['size of the admin', 'node tools/admin-size/main.ts'],
  ['packed packages', 'node tools/pack-check/main.ts'],
]

mkdirSync('node_modules/.cache/check', { recursive: true })
rmSync(reportFile, { force: true })
const failed = steps.find(([name, command]) => !passes(name, command))
console.log(failed ? `\ncheck failed at: ${failed[0]} (${failed[1]})` : '\ncheck passed')
const summary = readSummary(reportFile, failed?.[0] === 'tests')
if (summary) console.log(summary)
if (failed) process.exitCode = 1

function passes(name: string, command: string): boolean {
  console.log(`\n── ${name}`)
  const start = performance.now()
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return status === 0
}
