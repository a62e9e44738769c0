import { expect, test } from 'vitest'
import { Dice, RandomQuery } from './random-query.fixture.ts'
import { openReal } from './real-database.fixture.ts'
import { openDatabase, system, tenantA, type AnyDb } from './test-sql.fixture.ts'
import type { Binding } from './sql-layer.ts'
import { fillTenants, outcome, rowsOf, TENANTS } from './three-tenants.fixture.ts'

/** A database, and how to write to it without a trace. */
interface World {
  readonly db: (binding: Binding) => AnyDb
  undone<T>(run: (db: (binding: Binding) => AnyDb) => Promise<T>): Promise<T>
}

/** What the tenant sees, in a database where nobody else has a row: nothing is bound. */
const alone: Binding = { ...system, removed: 'hide' }

async function memory(tenants: readonly string[]): Promise<World> {
  const { db, raw } = openDatabase()
  await fillTenants(db, tenants)
  return {
    db,
    async undone(run) {
      raw.exec('BEGIN')
      try {
        return await run(db)
      } finally {
        raw.exec('ROLLBACK')
      }
    },
  }
}

async function postgres(tenants: readonly string[]): Promise<World> {
  const { db, layer, storage } = await openReal('postgres')
  await fillTenants(db, tenants)
  return {
    db,
    async undone<T>(run: (handle: typeof db) => Promise<T>) {
      const undo = new Error('undo')
      const results: T[] = []
      await storage
        .write({ tenantId: '*' }, async (connection) => {
          results.push(await run((binding) => layer.kysely(binding, { use: (use) => use(connection) })))
          throw undo
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error
        })
      return results[0] as T
    },
  }
}

const worlds = [
  { name: 'SQLite', open: memory, queries: 800, writes: 120 },
  { name: 'PostgreSQL', open: postgres, queries: 150, writes: 40 },
]

test.for(worlds)(
  'a random query answers the same beside other tenants as alone ($name)',
  async ({ open, queries }) => {
    const [shared, own] = [await open(TENANTS), await open(['a'])]
    let answered = 0
    for (let seed = 1; seed <= queries; seed++) {
      const bound = new RandomQuery(new Dice(seed)).select(shared.db(tenantA))
      const plain = new RandomQuery(new Dice(seed)).select(own.db(alone))
      const rows = await outcome(() => bound.execute())
      if (rows.length > 0) answered++
      expect(rows, `seed ${seed}: ${bound.compile().sql}`).toEqual(await outcome(() => plain.execute()))
    }
    expect(answered).toBeGreaterThan(queries / 2)
  },
)

test.for(worlds)(
  'a random write changes the same rows beside other tenants as alone, and none of theirs ($name)',
  async ({ open, writes }) => {
    const [shared, own] = [await open(TENANTS), await open(['a'])]
    const foreign = await rowsOf(shared.db(system), 'a', false)
    const before = await rowsOf(own.db(system), 'a', true)
    const write = (world: World, binding: Binding, tenant: string, seed: number) =>
      world.undone(async (db) => {
        const done = await outcome(
          async () => (await new RandomQuery(new Dice(seed)).write(db(binding), tenant).execute(), []),
        )
        // A transaction that failed answers nothing more on PostgreSQL.
        if (done.length > 0) return { done, rows: before, foreign }
        return {
          done,
          rows: await rowsOf(db(system), 'a', true),
          foreign: await rowsOf(db(system), 'a', false),
        }
      })
    let changed = 0
    for (let seed = 1; seed <= writes; seed++) {
      const bound = await write(shared, tenantA, 'b', seed)
      const plain = await write(own, alone, 'a', seed)
      expect({ seed, done: bound.done, rows: bound.rows }).toEqual({
        seed,
        done: plain.done,
        rows: plain.rows,
      })
      expect(bound.foreign, `seed ${seed}`).toEqual(foreign)
      if (JSON.stringify(plain.rows) !== JSON.stringify(before)) changed++
    }
    expect(changed).toBeGreaterThan(writes / 2)
  },
)
