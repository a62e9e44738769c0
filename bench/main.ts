/**
 * `npm run -s bench -- [--json] [--small] [--only name,…]`: the figures this project promises, measured. With `--json`
 * stdout is one JSON object, name → number, and nothing else; progress goes to stderr.
 */
import { parseArgs } from 'node:util'
import { boot } from './boot.ts'
import { footprint } from './footprint.ts'
import { http } from './http.ts'
import { imports } from './import.ts'
import { ingest } from './ingest.ts'
import { meets, type BenchOptions, type Family, type Figures, type Target } from './lib/family.ts'
import { memberships } from './memberships.ts'
import { queue } from './queue.ts'
import { search } from './search.ts'
import { segments } from './segments.ts'
import { timers } from './timers.ts'
import { transfer } from './transfer.ts'

const families: readonly Family[] = [
  segments,
  memberships,
  timers,
  http,
  queue,
  boot,
  imports,
  ingest,
  footprint,
  search,
  transfer,
]

const usage = `npm run -s bench -- [options]

  --json           one JSON object on stdout
  --small          a tenth of the rows and shorter runs: at most a minute
  --only a,b       only these families
  --plans FILE     query plans go to a file instead of stderr
  --fresh          data sets and builds of earlier runs are not used
  --help

Families
${families.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}`

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    plans: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const started = performance.now()
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`
  const log = (line: string): void => console.error(`${seconds()}  ${line}`)
  const { small, fresh, plans } = values
  const chosen = choose(values.only?.flatMap((names) => names.split(',')))
  const figures = await runAll(chosen, { small, fresh, log, ...(plans === undefined ? {} : { plans }) })
  if (values.json) console.log(JSON.stringify(figures))
  else printTable(figures, Object.assign({}, ...chosen.map(({ targets }) => targets)))
}

function choose(names: readonly string[] | undefined): readonly Family[] {
  const known = families.map(({ name }) => name)
  const unknown = names?.filter((name) => !known.includes(name)) ?? []
  if (unknown.length > 0) {
    console.error(`No family is called "${unknown.join('", "')}"; there are ${known.join(', ')}`)
    process.exit(2)
  }
  return names ? families.filter(({ name }) => names.includes(name)) : families
}

async function runAll(chosen: readonly Family[], options: BenchOptions): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const family of chosen) {
    options.log(`${family.name}: ${family.about}`)
    const log = (line: string): void => options.log(`  ${line}`)
    Object.assign(figures, await family.run({ ...options, log }))
  }
  options.log('done')
  return figures
}

function printTable(figures: Figures, targets: Readonly<Record<string, Target>>): void {
  for (const [name, value] of Object.entries(figures)) {
    const target = targets[name]
    console.log(`${name.padEnd(32)} ${String(value).padStart(12)}  ${target ? verdict(value, target) : ''}`)
  }
}

function verdict(value: number, target: Target): string {
  const wanted = 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`
  return `${wanted.padEnd(10)} ${meets(value, target) ? 'ok' : 'MISSED'}`
}
