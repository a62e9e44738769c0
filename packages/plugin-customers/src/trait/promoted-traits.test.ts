import { ConditionTypes, createLanguage, membersQuery, type Condition } from '@clientele/conditions'
import type { Statement } from '@clientele/core'
import { Customer, CustomerEvents, customers } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { api, tx, ctx, db } = shop.as()
    const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
    const who = (condition: Condition) =>
      membersQuery(ctx, language, condition, { now: ctx.now(), timeZone: 'UTC' } as never).select(
        'customers.id',
      )
    const fill = async (people: number) => {
      const rows = Array.from({ length: people }, (_, n) => ({
        traits: { plan: n % 100 === 0 ? 'pro' : `free ${n}`, score: n, 'it\'s "odd"': `x${n}` },
      }))
      await tx((t) => t.repo(Customer).insertMany(rows))
      const traits = { plan: 'pro', score: 1, 'it\'s "odd"': 'x', long: 'y'.repeat(5000) }
      await tx((t) =>
        t.get(CustomerEvents).identify(t, { identifiers: [{ type: 'userId', value: 'u1' }], traits }),
      )
      await shop.storage.analyze()
    }
    const definition = async (name: string) =>
      (await api.customers.listTraitDefinitions({ query: { name } })).items[0]!
    const promote = async (name: string) => {
      const { id } = await definition(name)
      const row = await api.customers.promoteTrait({ params: { id } })
      await shop.drain()
      return row
    }
    /** How the database goes about a statement as it was sent. */
    const planOf = async (condition: Condition) => {
      const seen: Statement[] = []
      const population = shop.storage.population.bind(shop.storage)
      shop.storage.population = (scope, statement, signal) => {
        seen.push(statement)
        return population(scope, statement, signal)
      }
      const rows = await ctx.population.run<{ id: string }>(who(condition))
      shop.storage.population = population
      const explain = shop.storage.capabilities.dialect === 'postgres' ? 'explain' : 'explain query plan'
      const { sql, parameters } = seen[0]!
      const plan = await shop.storage.read({ tenantId: 'default' }, (connection) =>
        connection.execute({ sql: `${explain} ${sql}`, parameters }),
      )
      return { rows: rows.length, plan: JSON.stringify(plan.rows) }
    }
    const indexes = async () => {
      const schema = await shop.storage.describeSchema('clientele_')
      return schema.split('\n').filter((line) => line.includes('_by_key'))
    }
    return { shop, api, db, fill, definition, promote, planOf, indexes }
  }
  const isPro: Condition = { type: 'trait', name: 'plan', operator: 'is', value: 'pro' }
  const isOdd: Condition = { type: 'trait', name: 'it\'s "odd"', operator: 'is', value: 'x7' }

  test('a promoted trait is found by an index, as conditions ask for it', async () => {
    const { fill, promote, planOf, db } = await open()
    await fill(4000)
    const before = await planOf(isPro)
    expect(before.plan).not.toContain('_by_key')

    expect((await promote('plan')).promotedAt).not.toBeNull()
    await promote('it\'s "odd"')
    const after = await planOf(isPro)
    expect(after.plan).toContain('_by_key')
    expect([before.rows, after.rows]).toEqual([41, 41])
    const odd = await planOf(isOdd)
    expect(odd.plan).toContain('_by_key')
    expect(odd.rows).toBe(1)
    const rows = await db
      .selectFrom('promotedTraits')
      .select(['name', 'state', 'tenants'])
      .orderBy('name')
      .execute()
    expect(rows).toEqual([
      { name: 'it\'s "odd"', state: 'ready', tenants: 1 },
      { name: 'plan', state: 'ready', tenants: 1 },
    ])
  })

  test('a promotion that is repeated changes nothing, and one that is taken back leaves no index', async () => {
    const { shop, api, fill, definition, promote, indexes, db } = await open()
    await fill(10)
    await promote('plan')
    expect(await indexes()).toHaveLength(1)
    await promote('plan')
    expect(await indexes()).toHaveLength(1)
    await api.customers.demoteTrait({ params: { id: (await definition('plan')).id } })
    await shop.drain()
    expect(await indexes()).toEqual([])
    expect(await db.selectFrom('promotedTraits').selectAll().execute()).toEqual([])
    expect((await definition('plan')).promotedAt).toBeNull()
  })

  test('more than sixteen are refused, and nothing is promoted by halves', async () => {
    const { shop, api } = await open()
    const traits = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`t${n}`, n]))
    await shop
      .as()
      .tx((t) =>
        t.get(CustomerEvents).identify(t, { identifiers: [{ type: 'userId', value: 'u1' }], traits }),
      )
    const { items } = await api.customers.listTraitDefinitions({})
    for (const { id } of items.slice(0, 16)) await api.customers.promoteTrait({ params: { id } })
    const last = items[16]!
    await expect(api.customers.promoteTrait({ params: { id: last.id } })).rejects.toMatchObject({
      code: 'customers.too_many_promoted',
      params: { limit: 16 },
    })
    expect(
      (await api.customers.listTraitDefinitions({ query: { id: last.id } })).items[0]!.promotedAt,
    ).toBeNull()
  })
})
