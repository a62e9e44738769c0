/**
 * `npm run test:isolation:mutate [-- NAME…]`: takes each place that keeps tenants apart away in turn and runs the
 * isolation suites; every time some test must fail. Prints killed/total; a survivor makes the exit code 1.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { sitesOf, type Site } from './sites.ts'

type Verdict = 'killed' | 'survived' | 'broken'

interface Report {
  readonly success: boolean
  readonly numTotalTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const reportFile = 'node_modules/.cache/isolation-mutate/report.json'
mkdirSync('node_modules/.cache/isolation-mutate', { recursive: true })

const wanted = new Set(process.argv.slice(2))
const sites = globSync('{packages,examples}/**/src/**/*.ts', {
  exclude: ['**/node_modules/**', '**/dist/**'],
})
  .filter((file) => !/\.test(-d)?\.ts$/.test(file))
  .toSorted()
  .flatMap((file) => sitesOf(file, readFileSync(file, 'utf8')))
  .filter(({ name }) => wanted.size === 0 || wanted.has(name))

if (run(null, []) !== 'survived') {
  console.error('The isolation suites fail as they are; nothing was taken away yet:')
  for (const line of failures()) console.error(`  ${line}`)
  process.exit(2)
}

let killed = 0
for (const site of sites) {
  const verdict = judge(site)
  if (verdict === 'killed') killed++
  console.log(`${verdict.padEnd(8)} ${site.name} (${site.file}:${lineOf(site)})`)
}
console.log(`${killed}/${sites.length} killed`)
if (killed < sites.length || sites.length === 0) process.exitCode = 1

/** The transform's own tests take seconds and see most; the suites over a whole shop are asked about the rest. */
function judge(site: Site): Verdict {
  const verdict = site.kind === 'call' ? run(site, ['packages/core/src/sql/']) : 'survived'
  return verdict === 'survived' ? run(site, []) : verdict
}

/** `broken`: no test ran, so nothing was learnt; it counts as a survivor. */
function run(site: Site | null, filters: readonly string[]): Verdict {
  rmSync(reportFile, { force: true })
  const { stdout, stderr } = spawnSync(
    'vitest',
    [
      'run',
      ...filters,
      '--config',
      'tools/isolation-mutate/vitest.config.ts',
      '--bail=1',
      '--reporter=json',
      `--outputFile=${reportFile}`,
    ],
    { env: { ...process.env, ISOLATION_SITE: JSON.stringify(site) }, encoding: 'utf8' },
  )
  const report = readReport()
  if (report?.success) return 'survived'
  if (report && report.numFailedTests > 0) return 'killed'
  console.error(`${stdout}${stderr}`.slice(-2000))
  return 'broken'
}

function failures(): string[] {
  return (readReport()?.testResults ?? []).flatMap(({ name, message, assertionResults }) => [
    ...(message === '' ? [] : [`${name}: ${message}`]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${name}: ${fullName}`),
  ])
}

function readReport(): Report | null {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as Report
  } catch {
    return null
  }
}

function lineOf({ file, offset }: Site): number {
  return readFileSync(file, 'utf8').slice(0, offset).split('\n').length
}
