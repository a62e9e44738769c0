import { writeFileSync } from 'node:fs'
import type { Clientele, Statement, Storage } from '@clientele/core'
import { Audience } from '@clientele/plugin-segments'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { median, round } from './lib/statistics.ts'
import { compose } from './segments/composition.ts'
import { NOW } from './segments/data-set.ts'
import type { MeasuredDatabase } from './segments/database.ts'
import { openPostgres } from './segments/open-postgres.ts'
import { openSqlite } from './segments/open-sqlite.ts'
import { rules, statementOf, type Rule } from './segments/rules.ts'

const FULL = { customers: 1_000_000, orders: 4_500_000, events: 9_500_000 }
const SMALL = { customers: 100_000, orders: 450_000, events: 950_000 }

const WARM_UPS = 1
const PAIRS = 15
/** A slow rule is not measured for longer, in milliseconds, once it was for a few pairs. */
const LONG_ENOUGH = 20_000
const FEW_PAIRS = 5

/**
 * `segments.count.{sqlite,postgres}.{ratio,worst}`: how long the platform takes to count a condition's members, from its
 * JSON to the number, over a hand-written statement on the bare driver. Both run in turn; per rule the fastest of each
 * is compared; `ratio` is the median rule, `worst` the slowest.
 *
 * `segments.preview.{sqlite,postgres}.slowest`: milliseconds to the first answer of a preview, exact or estimated, of the
 * rule that it takes longest for.
 */
export const segments: Family = {
  name: 'segments',
  about: 'counting a segment’s members over hand-written SQL',
  targets: {
    'segments.count.sqlite.ratio': { atMost: 1.1 },
    'segments.count.sqlite.worst': { atMost: 1.35 },
    'segments.count.postgres.ratio': { atMost: 1.1 },
    'segments.count.postgres.worst': { atMost: 1.35 },
    'segments.preview.sqlite.slowest': { atMost: 1000 },
    'segments.preview.postgres.slowest': { atMost: 1000 },
  },
  async run(options) {
    const size = options.small ? SMALL : FULL
    if (options.plans) writeFileSync(options.plans, '')
    const counts = new Map<string, number>()
    // Both are filled at once; whichever is not being measured stands idle.
    const [onSqlite, onPostgres] = await Promise.all([openSqlite(size, options), openPostgres(size, options)])
    return {
      ...(await measureOn(onSqlite, counts, options)),
      ...(await measureOn(onPostgres, counts, options)),
    }
  },
}

/** @param counts of each rule, which every side and every database must answer alike */
async function measureOn(
  database: MeasuredDatabase,
  counts: Map<string, number>,
  { small, log, plans }: BenchOptions,
): Promise<Figures> {
  const ran = recordStatements(database.storage)
  const platform = compose(database.storage)
  try {
    await platform.start({ workers: false })
    const { ctx } = platform.as()
    const ratios: number[] = []
    const explained: string[] = []
    const previews: number[] = []
    const contests = rules.map((rule) => {
      const sql = statementOf(rule, database.name).replaceAll(':now', database.instant(NOW))
      const ours = (): Promise<number> => ctx.get(Audience).count(ctx, structuredClone(rule.condition))
      return { rule, sql, ours, bare: () => database.count(sql) }
    })
    // A short count would measure code that has not been compiled yet.
    for (let round = 0; round < (small ? 4 : 1); round++)
      for (const { rule, ours, bare } of contests)
        checkCounts(rule, { database, counts, ours: await ours(), bare: await bare() })
    for (const { rule, sql, ours, bare } of contests) {
      const times = await inTurn(ours, bare)
      ratios.push(times.ours / times.bare)
      log(`${database.name} ${line(rule, times)} ${counts.get(rule.name)} customers`)
      explained.push(...(await explain(rule, database, ran.at(-1)!, sql)))
      previews.push(await previewed(platform, rule, (text) => log(`${database.name} ${text}`)))
    }
    if (plans) writeFileSync(plans, `${explained.join('\n')}\n`, { flag: 'a' })
    else for (const text of explained) log(text)
    return {
      [`segments.count.${database.name}.ratio`]: round(median(ratios)),
      [`segments.count.${database.name}.worst`]: round(Math.max(...ratios)),
      [`segments.preview.${database.name}.slowest`]: Math.round(Math.max(...previews)),
    }
  } finally {
    await platform.stop()
    await database.close()
  }
}

/** How long the first answer takes of somebody who builds this rule and then waits for the exact one. */
async function previewed(
  platform: Clientele,
  { name, condition }: Rule,
  log: (text: string) => void,
): Promise<number> {
  const { ctx } = platform.as()
  const startedAt = performance.now()
  const { count, estimate } = await ctx.get(Audience).preview(ctx, condition)
  const took = performance.now() - startedAt
  const exact = await ctx.get(Audience).preview(ctx, condition, { exact: true })
  const off = estimate ? `about ${count} ± ${estimate.error}` : 'exact'
  log(`${name.padEnd(24)} preview after ${Math.round(took)} ms: ${off}; ${exact.count} there are`)
  return took
}

interface Times {
  readonly ours: number
  readonly bare: number
}

/** The fastest of many runs each, in milliseconds; whoever was first is second in the next pair. */
async function inTurn(ours: () => Promise<unknown>, bare: () => Promise<unknown>): Promise<Times> {
  const best = { ours: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY }
  const sides = [
    ['ours', ours],
    ['bare', bare],
  ] as const
  const begun = performance.now()
  for (let pair = 0; pair < WARM_UPS + PAIRS; pair++) {
    if (pair > WARM_UPS + FEW_PAIRS && performance.now() - begun > LONG_ENOUGH) break
    for (const [side, run] of pair % 2 === 0 ? sides : sides.toReversed()) {
      const started = performance.now()
      await run()
      const took = performance.now() - started
      if (pair >= WARM_UPS) best[side] = Math.min(best[side], took)
    }
  }
  return best
}

function checkCounts(
  rule: Rule,
  found: { database: MeasuredDatabase; counts: Map<string, number>; ours: number; bare: number },
): void {
  const { database, counts, ours, bare } = found
  const elsewhere = counts.get(rule.name) ?? ours
  counts.set(rule.name, elsewhere)
  if (ours === bare && ours === elsewhere) return
  throw new Error(
    `Rule "${rule.name}" on ${database.name}: the platform counts ${ours}, the hand-written statement ${bare}, ` +
      `the database before ${elsewhere}`,
  )
}

function recordStatements(storage: Storage): readonly Statement[] {
  const ran: Statement[] = []
  const population = storage.population.bind(storage)
  storage.population = (scope, statement, signal) => {
    ran.push(statement)
    return population(scope, statement, signal)
  }
  return ran
}

async function explain(
  rule: Rule,
  database: MeasuredDatabase,
  ours: Statement,
  bare: string,
): Promise<string[]> {
  const ourPlan = await database.plan(ours)
  const barePlan = await database.plan({ sql: bare, parameters: [] })
  const head = `${rule.name} on ${database.name}`
  return [`-- ${head}: Clientele`, ours.sql, ...ourPlan, `-- ${head}: by hand`, bare.trim(), ...barePlan, '']
}

function line({ name }: Rule, { ours, bare }: Times): string {
  const ratio = (ours / bare).toFixed(3)
  return `${name.padEnd(24)} ${ours.toFixed(2).padStart(9)} ms / ${bare.toFixed(2).padStart(9)} ms = ${ratio}`
}
