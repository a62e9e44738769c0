import { seededRandom, type SeededRandom } from '@clientele/testing'
import { sql, type ExpressionBuilder, type SelectQueryBuilder } from 'kysely'
import type { AnyDb } from './test-sql.fixture.ts'

/** Decisions from a seed, so that a failure can be run again. */
export class Dice {
  readonly #random: SeededRandom

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random.number() * limit)
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(values: readonly T[]): T {
    return this.#random.pick(values)
  }
}

/** Columns of one kind, so that any two can be compared and united. */
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  customers: ['score', 'version'],
  orders: ['total', 'version'],
  tags: ['uses', 'version'],
  countries: ['version'],
  customerMetrics: ['orderCount', 'version'],
}
const TABLES = Object.keys(NUMBERS)
const HAS_ID = new Set(['customers', 'orders', 'tags', 'customerMetrics'])

// `any`: random queries have no static type.
type AnyQuery = SelectQueryBuilder<any, any, any>
type AnyExpressions = ExpressionBuilder<any, any>

type Selecting = Pick<AnyDb, 'selectFrom'>

interface Table {
  readonly alias: string
  readonly numbers: readonly string[]
  readonly hasId: boolean
}

/** Builds random queries over the fixture's entities; the same seed gives the same query on any handle. */
export class RandomQuery {
  readonly #dice: Dice
  #names = 0
  #handle: AnyDb | undefined
  /** CTEs that can be read from. Their names may be those of entities, which they then hide. */
  #ctes: readonly string[] = []

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** One column `n`, any number of rows. */
  select(db: AnyDb): AnyQuery {
    this.#handle = db
    let from: AnyDb = db
    const outside = this.#ctes
    if (this.#dice.chance(15)) from = this.#withRecursive(from)
    while (this.#dice.chance(25)) from = this.#withCte(from)
    let query = this.#arm(from)
    while (this.#dice.chance(25)) query = this.#united(query)
    this.#ctes = outside
    return query
  }

  #withCte(db: AnyDb): AnyDb {
    const seen = this.#ctes
    // Reads from the entity it hides, unless that would be recursion.
    const name = seen.includes('steps')
      ? `recent${seen.length}`
      : this.#dice.pick(['recent', 'orders', 'tags'])
    if (seen.includes(name)) return db
    const extended = db.with(name, (inner) => this.#anyArm(inner)) as AnyDb
    this.#ctes = [...seen, name]
    return extended
  }

  #withRecursive(db: AnyDb): AnyDb {
    const limit = 2 + this.#dice.below(3)
    const [table, column] = this.#dice.pick([
      ['tags', 'uses'],
      ['customers', 'score'],
    ] as const)
    if (this.#ctes.includes(table)) return db
    this.#ctes = [...this.#ctes, 'steps']
    return db.withRecursive('steps(n)', (cte) =>
      cte
        .selectFrom(`${table} as seed`)
        .select(`seed.${column} as n`)
        .union((eb: AnyExpressions) =>
          eb
            .selectFrom('steps')
            .innerJoin('orders as hop', (on) => on.onRef('hop.total', '>=', 'steps.n'))
            .select((e) => e('steps.n', '+', 1).as('n'))
            .where('steps.n', '<', limit),
        ),
    ) as AnyDb
  }

  #united(query: AnyQuery): AnyQuery {
    const method = this.#dice.pick(['union', 'unionAll', 'intersect', 'except'] as const)
    return query[method]((eb) => this.#anyArm(eb)) as AnyQuery
  }

  /** Built inside the query, or beforehand from the handle: then it was bound before and knows no CTE. */
  #anyArm(inside: Selecting): AnyQuery {
    return this.#dice.chance(30)
      ? this.#outsideCtes(() => this.#arm(this.#handle as AnyDb))
      : this.#arm(inside)
  }

  #outsideCtes<T>(run: () => T): T {
    const known = this.#ctes
    this.#ctes = []
    const result = run()
    this.#ctes = known
    return result
  }

  #arm(db: Selecting): AnyQuery {
    const tables = [this.#table()]
    const first = tables[0] as Table
    let query: AnyQuery = db.selectFrom(this.#from(first))
    const kinds = ['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin'] as const
    while (this.#dice.chance(45) && tables.length < 4) {
      const joined = this.#table()
      query = this.#join(query, this.#dice.pick(kinds), joined, this.#dice.pick(tables))
      tables.push(joined)
    }
    while (this.#dice.chance(45)) query = query.where((eb) => this.#condition(eb, tables))
    const counted = this.#dice.chance(20)
    return query.select((eb) => (counted ? eb.fn.countAll().as('n') : this.#value(eb, tables).as('n')))
  }

  #from({ alias }: Table): string {
    return this.#aliased.get(alias) ?? alias
  }

  readonly #aliased = new Map<string, string>()

  #table(): Table {
    const name = this.#dice.pick([...TABLES, ...this.#ctes, ...this.#ctes])
    const isCte = this.#ctes.includes(name)
    // An alias may be the name of another entity.
    const alias = this.#dice.chance(15) ? `${this.#dice.pick(TABLES)}${this.#names++}` : `t${this.#names++}`
    this.#aliased.set(alias, `${name} as ${alias}`)
    return { alias, numbers: isCte ? ['n'] : (NUMBERS[name] ?? ['n']), hasId: !isCte && HAS_ID.has(name) }
  }

  #join(
    query: AnyQuery,
    kind: 'innerJoin' | 'leftJoin' | 'rightJoin' | 'fullJoin' | 'crossJoin',
    joined: Table,
    other: Table,
  ): AnyQuery {
    const table = this.#from(joined)
    if (kind === 'crossJoin') return query.crossJoin(table)
    const [left, right] =
      joined.hasId && other.hasId
        ? ['id', 'id']
        : [this.#dice.pick(joined.numbers), this.#dice.pick(other.numbers)]
    const derived = this.#dice.chance(25)
    const joining = query as any
    if (!derived) return joining[kind](table, `${joined.alias}.${left}`, `${other.alias}.${right}`)
    const source = (eb: AnyExpressions) => eb.selectFrom(table).selectAll(joined.alias).as(joined.alias)
    return joining[kind](source, (on: any) =>
      on.onRef(`${joined.alias}.${left}`, '=', `${other.alias}.${right}`),
    )
  }

  #column(tables: readonly Table[]): string {
    const table = this.#dice.pick(tables)
    return `${table.alias}.${this.#dice.pick(table.numbers)}`
  }

  #value(eb: AnyExpressions, tables: readonly Table[]): any {
    const column = eb.ref(this.#column(tables))
    switch (this.#dice.below(6)) {
      case 0:
        return eb.fn.coalesce(column, eb.val(0))
      case 1:
        return eb(column, '+', this.#dice.below(3))
      case 2:
        return this.#scalar(eb, tables)
      case 3:
        return eb.case().when(this.#condition(eb, tables)).then(column).else(eb.val(-1)).end()
      case 4:
        return sql`${column} * 2 - 1`
      default:
        return column
    }
  }

  /** A correlated sub-query of one number. */
  #scalar(eb: AnyExpressions, tables: readonly Table[]): any {
    const inner = this.#table()
    const query = eb
      .selectFrom(this.#from(inner))
      .select((e) => e.fn.max(`${inner.alias}.${this.#dice.pick(inner.numbers)}`).as('m'))
    return this.#dice.chance(50) ? query : query.whereRef(this.#column([inner]), '=', this.#column(tables))
  }

  #condition(eb: AnyExpressions, tables: readonly Table[], depth = 0): any {
    const column = this.#column(tables)
    switch (this.#dice.below(depth > 2 ? 3 : 8)) {
      case 0:
        return eb(column, this.#dice.pick(['=', '!=', '<', '>='] as const), this.#dice.below(4))
      case 1:
        return eb(column, 'in', [this.#dice.below(4), this.#dice.below(4)])
      case 2:
        // Without parentheses: whatever is added must not be swallowed by the `or`.
        return sql<boolean>`${sql.ref(column)} > 1 or ${sql.ref(column)} = 0`
      case 3:
        return eb.or([this.#condition(eb, tables, depth + 1), this.#condition(eb, tables, depth + 1)])
      case 4:
        return eb.not(this.#condition(eb, tables, depth + 1))
      case 5: {
        const some = this.#anyArm(eb as unknown as Selecting)
        return eb(column, this.#dice.pick(['in', 'not in'] as const), some as never)
      }
      case 6: {
        const inner = this.#table()
        const some = eb
          .selectFrom(this.#from(inner))
          .select(eb.lit(1).as('one'))
          .whereRef(this.#column([inner]), '=', column)
        return this.#dice.chance(50) ? eb.exists(some) : eb.not(eb.exists(some))
      }
      default:
        return eb.between(column, this.#dice.below(2), 1 + this.#dice.below(3))
    }
  }

  /** A statement that writes; `tenant` is what a careless caller would put in. */
  write(db: AnyDb, tenant: string): { execute(): Promise<unknown> } {
    this.#handle = db
    const bump = this.#dice.below(5)
    const target: Table = { alias: 'orders', numbers: ['total', 'version'], hasId: true }
    switch (this.#dice.below(8)) {
      case 0:
        return db
          .updateTable('orders')
          .set({ total: bump })
          .where((eb) => this.#condition(eb, [target]))
      case 1:
        return db
          .updateTable('orders as o')
          .from('customers as c')
          .set((eb) => ({ version: eb('o.version', '+', 10) }))
          .whereRef('o.customerId', '=', 'c.id')
          .where('c.score', '>=', this.#dice.below(3))
      case 2:
        return db
          .updateTable('orders as o')
          .from((eb) =>
            eb
              .selectFrom('customers')
              .select((e) => ['id', e('score', '+', 1).as('next')])
              .as('c'),
          )
          .innerJoin('tags as t', (on) => on.onRef('t.uses', '=', 'c.next'))
          .set((eb) => ({ total: eb.selectFrom('tags').select((e) => e.fn.max('uses').as('m')) }))
          .whereRef('o.customerId', '=', 'c.id')
      case 3:
        return db
          .updateTable('orders as o')
          .from(['customers as c', 'tags as t'])
          .set({ total: 40 + bump })
          .whereRef('t.uses', '>', 'o.total')
          .whereRef('c.score', '>', 'o.total')
      case 4:
        return db.deleteFrom('orders').where((eb) => this.#condition(eb, [target]))
      case 5:
        return db
          .deleteFrom('orders as o')
          .where((eb) =>
            eb.exists(eb.selectFrom('tags as t').select('t.id').whereRef('t.uses', '=', 'o.total')),
          )
      case 6:
        return db
          .insertInto('tags')
          .values([
            this.#tag(tenant, 'red'),
            this.#tag(tenant, 'new'),
            { ...this.#tag(tenant, 'odd'), uses: sql`1 + 1` },
          ])
          .onConflict((oc) =>
            oc
              .columns(['tenantId', 'word'])
              .where('deletedAt', 'is', null)
              .doUpdateSet((eb) => ({ uses: eb('excluded.uses', '+', eb.ref('tags.uses')) })),
          )
      default:
        return db
          .insertInto('tags')
          .columns(['tenantId', 'id', 'word', 'uses', 'version', 'createdAt', 'updatedAt'])
          .expression((eb) =>
            eb
              .selectFrom('orders as o')
              .innerJoin('customers as c', 'c.id', 'o.customerId')
              .select((e) => [
                e.val(tenant).as('tenantId'),
                'o.id',
                sql<string>`'w' || row_number() over (order by ${e.ref('o.id')})`.as('word'),
                'c.score',
                'o.version',
                'o.createdAt',
                'o.updatedAt',
              ]),
          )
    }
  }

  #tag(tenant: string, word: string): Record<string, unknown> {
    const at = '2025-01-01T00:00:00.000Z'
    const id = `00000000-0000-4000-8000-${String(900 + this.#names++).padStart(12, '0')}`
    return { tenantId: tenant, id, word, uses: this.#dice.below(9), version: 1, createdAt: at, updatedAt: at }
  }
}
