import type { Condition } from '@clientele/conditions'
import { membersQuery } from '@clientele/conditions'
import { fromTimestamp, type Ctx, type Tx } from '@clientele/core'
import { Customer, CustomerEvents } from '@clientele/plugin-customers'
import { Audience, Segment } from '@clientele/plugin-segments'
import type { SeededRandom } from '@clientele/testing'
import type { SelectQueryBuilder } from 'kysely'

const NAMES = ['Product Viewed', 'Product Added', 'order.placed', 'Newsletter Read'] as const
const COUNTRIES = ['BR', 'PT', 'DE', null] as const
const PLANS = ['free', 'pro', 10, '10', null] as const
const MINUTE = 60_000

/** A length of time short enough that a few days cross it often. */
function duration(random: SeededRandom): object {
  return random.pick([
    { amount: 90, unit: 'minute' },
    { amount: 7, unit: 'hour' },
    { amount: 1, unit: 'day' },
    { amount: 3, unit: 'day' },
    { amount: 2, unit: 'week' },
  ])
}

function window(random: SeededRandom): object {
  return random.pick<() => object>([
    () => ({ last: duration(random) }),
    () => ({ last: duration(random) }),
    () => ({ calendar: random.pick(['day', 'week', 'month']), from: -random.pick([0, 1, 2]), to: 0 }),
    () => ({ calendar: 'day', from: -3, to: -1 }),
  ])()
}

/** A rule that time alone may change. */
function timedRule(random: SeededRandom): Condition {
  return random.pick<() => Condition>([
    () => ({
      type: 'event',
      name: random.pick(NAMES),
      within: window(random),
      count: {
        operator: random.pick(['gte', 'lt', 'is']),
        value: Math.floor(random.number() * 4),
      },
    }),
    () => ({ type: 'event', name: random.pick(NAMES), within: window(random) }),
    () => ({
      type: 'activity',
      field: random.pick(['lastSeenAt', 'firstSeenAt']),
      operator: random.pick(['inLast', 'notInLast', 'olderThan']),
      value: duration(random),
    }),
    () => ({ type: 'attribute', field: 'createdAt', operator: 'inLast', value: duration(random) }),
  ])()
}

/** A rule that only facts change. */
export function stillRule(random: SeededRandom): Condition {
  return random.pick<() => Condition>([
    () => ({
      type: 'attribute',
      field: 'country',
      operator: random.pick(['is', 'isNot']),
      value: random.pick(['BR', 'PT']),
    }),
    () => ({ type: 'attribute', field: 'country', operator: 'isNotSet' }),
    () => ({ type: 'trait', name: 'plan', operator: 'is', value: random.pick(['free', 'pro', 10, '10']) }),
    () => ({
      type: 'event',
      name: random.pick(NAMES),
      count: { operator: random.pick(['gte', 'lt']), value: 1 + Math.floor(random.number() * 3) },
    }),
  ])()
}

/** A condition with a window in it. */
export function timedCondition(random: SeededRandom): Record<string, unknown> {
  const parts = [timedRule(random), stillRule(random), timedRule(random)]
  return random.pick<() => Condition>([
    () => parts[0]!,
    () => ({ not: parts[0]! }),
    () => ({ all: parts.slice(0, 2) }),
    () => ({ any: [parts[0]!, parts[2]!] }),
    () => ({ all: [parts[0]!, { not: parts[2]! }] }),
    () => ({ atLeast: 2, of: parts }),
  ])() as Record<string, unknown>
}

/** Changes something about somebody, as an application would; answers nothing. */
export async function happen(t: Tx, random: SeededRandom, ids: readonly string[]): Promise<void> {
  const id = random.pick(ids)
  await random.pick<() => Promise<unknown>>([
    () => track(t, random, id),
    () => track(t, random, id),
    () => track(t, random, random.pick(ids)),
    () => t.repo(Customer).patch(id, { country: random.pick(COUNTRIES) }),
    () => t.repo(Customer).patch(id, { traits: { plan: random.pick(PLANS) } }),
  ])()
}

/** Something that somebody did now, lately, or, by a clock that is fast, a little later. */
function track(t: Tx, random: SeededRandom, customerId: string): Promise<unknown> {
  const away = random.pick([0, 0, 0, -1, -90 * MINUTE, -2 * 24 * 60 * MINUTE, 3 * MINUTE])
  const occurredAt = new Date(fromTimestamp(t.now()) + away).toISOString()
  return t.get(CustomerEvents).track(t, { who: { customerId }, name: random.pick(NAMES), occurredAt })
}

/** How a segment differs from what its condition says of everybody now; nothing when it is exact. */
export interface Flaw {
  readonly name: string
  readonly condition: unknown
  /** Who should be in it. */
  readonly missing: readonly string[]
  /** Who should not. */
  readonly extra: readonly string[]
}

/** Evaluates every segment that is live from scratch, and compares. Call it while nobody writes. */
export async function flawsOf(ctx: Ctx): Promise<{ readonly compared: number; readonly flaws: Flaw[] }> {
  const audience = ctx.get(Audience)
  const { items } = await ctx.repo(Segment).list({ filters: [], sort: [], limit: 1000 })
  const flaws: Flaw[] = []
  let compared = 0
  for (const { id, name, condition, status } of items) {
    if (status !== 'live') {
      flaws.push({ name: `${name} is ${status}`, condition, missing: [], extra: [] })
      continue
    }
    const language = audience.language(ctx)
    const environment = { ...(await audience.environment(ctx)), now: fromTimestamp(ctx.now()) }
    const members = (): Ids =>
      membersQuery(ctx, language, language.parse(condition), environment).select('customers.id as id')
    const kept = (): Ids =>
      ctx.db
        .selectFrom('memberships')
        .select('customerId as id')
        .where('segmentId', '=', id)
        .where('leftAt', 'is', null)
    const numbers = await numbersOf(ctx, members(), kept())
    compared += numbers.should
    if (numbers.should === numbers.is && numbers.is === numbers.both) continue
    const [should, is] = [await idsOf(members()), await idsOf(kept())]
    flaws.push({ name, condition, missing: without(should, is), extra: without(is, should) })
  }
  return { compared, flaws }
}

// `any`: of tables that are known only at run time.
type Ids = SelectQueryBuilder<any, any, { id: any }>

async function idsOf(query: Ids): Promise<ReadonlySet<string>> {
  return new Set((await query.execute()).map(({ id }) => id as string))
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((one) => !others.has(one))
}

interface Numbers {
  readonly should: number
  readonly is: number
  readonly both: number
}

/** How many are named by either, and by both: the database compares, many thousand ids stay in it. */
async function numbersOf({ db }: Ctx, members: Ids, kept: Ids): Promise<Numbers> {
  return db
    .with('members', () => members)
    .with('kept', () => kept)
    .selectNoFrom((eb) => [
      eb.selectFrom('members').select(eb.fn.countAll<number>().as('n')).as('should'),
      eb.selectFrom('kept').select(eb.fn.countAll<number>().as('n')).as('is'),
      eb
        .selectFrom('members')
        .where('members.id', 'in', eb.selectFrom('kept').select('kept.id'))
        .select(eb.fn.countAll<number>().as('n'))
        .as('both'),
    ])
    .executeTakeFirstOrThrow() as Promise<Numbers>
}
