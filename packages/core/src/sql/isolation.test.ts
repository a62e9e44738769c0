import { expect, test } from 'vitest'
import { Dice, RandomQuery } from './random-query.test-d.ts'
import { openDatabase, system, tenantA, type TestDatabase } from './sql-fixture.test-d.ts'

const TENANTS = ['a', 'b', 'c']
const QUERIES = 1500
const WRITES = 300

/** Fills tables with the same ids, words and numbers for every tenant: what joins across tenants finds something. */
async function fill(database: TestDatabase, tenants: readonly string[], withRemoved: boolean): Promise<void> {
  for (const tenant of TENANTS) {
    const dice = new Dice(tenant.charCodeAt(0))
    const insert = tenants.includes(tenant)
      ? (table: string, row: Record<string, unknown>) =>
          database.db(system).insertInto(table).values(row).execute()
      : async () => []
    for (let n = 1; n <= 6; n++) {
      const row = base(tenant, n)
      const [isGone, isForgotten] = [dice.chance(25), dice.chance(25)]
      const [score, orderCount, total, uses] = [dice.below(4), dice.below(4), dice.below(5), dice.below(4)]
      const customerId = dice.chance(80) ? uuid(1 + dice.below(6)) : null
      const word = ['red', 'green', 'blue', 'big', 'small', 'far'][n - 1]
      const [customerRemoved, tagRemoved] = [
        isGone ? row.createdAt : null,
        isForgotten ? row.createdAt : null,
      ]
      const customer = { ...row, score, vip: n > 3, name: `n${n}`, source: 's', externalId: `${n}` }
      if (withRemoved || !isGone) await insert('customers', { ...customer, deletedAt: customerRemoved })
      await insert('customerMetrics', { ...row, orderCount })
      await insert('orders', { ...row, customerId, total, paid: true, placedAt: row.createdAt })
      if (withRemoved || !isForgotten) await insert('tags', { ...row, word, uses, deletedAt: tagRemoved })
    }
  }
  const countries = { ...base('', 1), code: 'PT' }
  await database
    .db(system)
    .insertInto('countries')
    .values({ ...countries, tenantId: undefined })
    .execute()
}

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function base(tenantId: string, n: number) {
  const at = '2025-01-01T00:00:00.000Z'
  return { tenantId, id: uuid(n), version: 1 + (n % 3), createdAt: at, updatedAt: at }
}

async function open(tenants: readonly string[], withRemoved: boolean): Promise<TestDatabase> {
  const database = openDatabase()
  await fill(database, tenants, withRemoved)
  return database
}

const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort()

/** What a query or a failing statement came to; two databases must agree on both. */
async function outcome(run: () => Promise<unknown[]>): Promise<string[]> {
  try {
    return sorted(await run())
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_CONSTRAINT')) return ['constraint']
    throw error
  }
}

test('a random query answers the same beside other tenants as alone', async () => {
  const shared = await open(TENANTS, true)
  const alone = await open(['a'], false)
  let answered = 0
  for (let seed = 1; seed <= QUERIES; seed++) {
    const bound = new RandomQuery(new Dice(seed)).select(shared.db(tenantA))
    const plain = new RandomQuery(new Dice(seed)).select(alone.db(system))
    const rows = await outcome(() => bound.execute())
    if (rows.length > 0) answered++
    expect(rows, `seed ${seed}: ${bound.compile().sql}`).toEqual(await outcome(() => plain.execute()))
  }
  expect(answered).toBeGreaterThan(QUERIES / 2)
  shared.raw.close()
  alone.raw.close()
})

const TABLES = ['customers', 'orders', 'tags', 'customerMetrics']

test('a random write changes the same rows beside other tenants as alone, and none of theirs', async () => {
  const shared = await open(TENANTS, true)
  const alone = await open(['a'], false)
  const rowsOf = async (database: TestDatabase, own: boolean): Promise<string[]> => {
    const all = await Promise.all(
      TABLES.map((table) => database.db(system).selectFrom(table).selectAll().execute()),
    )
    return sorted(all.flat().filter((row) => (row['tenantId'] === 'a' && !row['deletedAt']) === own))
  }
  const foreign = await rowsOf(shared, false)
  let changed = 0
  for (let seed = 1; seed <= WRITES; seed++) {
    const bound = new RandomQuery(new Dice(seed)).write(shared.db(tenantA), 'b')
    const plain = new RandomQuery(new Dice(seed)).write(alone.db(system), 'a')
    for (const { raw } of [shared, alone]) raw.exec('BEGIN')
    const before = await rowsOf(alone, true)
    const run = (query: typeof bound) => outcome(async () => (await query.execute(), []))
    expect(await run(bound), `seed ${seed}`).toEqual(await run(plain))
    const after = await rowsOf(alone, true)
    if (JSON.stringify(after) !== JSON.stringify(before)) changed++
    expect(await rowsOf(shared, true), `seed ${seed}`).toEqual(after)
    expect(await rowsOf(shared, false), `seed ${seed}`).toEqual(foreign)
    for (const { raw } of [shared, alone]) raw.exec('ROLLBACK')
  }
  expect(changed).toBeGreaterThan(WRITES / 2)
  shared.raw.close()
  alone.raw.close()
})
