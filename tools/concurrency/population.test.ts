import { Customer } from '@clientele/plugin-customers'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { openShop } from '../isolation/shop.ts'

/**
 * Rows of the population; three of them are combined, so a third more makes the query twice as long. On PostgreSQL the
 * ordinary size takes seconds already.
 */
const rowsOf = (storage: string): number =>
  process.env['CLIENTELE_LONG'] === '1' && storage === 'sqlite' ? 420 : 220

eachStorage((storage) => {
  test('requests are answered while a query over the population runs', async () => {
    const shop = await openShop(storage)
    const { tx, ctx } = shop.test.as({ tenantId: 'tenant-a' })
    const count = rowsOf(storage)
    const rows = Array.from({ length: count }, (_, n) => ({ firstName: `Customer ${n}` }))
    await tx((t) => t.repo(Customer).insertMany(rows))
    const as = { tenants: ['tenant-a'] } as const

    const query = { isRunning: true }
    const long = ctx.population
      .run<{ total: number }>(
        ctx.db
          .selectFrom(['customers as a', 'customers as b', 'customers as c'])
          // Those that the requests add have no name.
          .where('a.firstName', 'is not', null)
          .where('b.firstName', 'is not', null)
          .where('c.firstName', 'is not', null)
          .select((eb) => eb.fn.countAll<number>().as('total')),
      )
      .finally(() => (query.isRunning = false))
    const took: number[] = []
    while (query.isRunning) {
      const started = performance.now()
      const read = await shop.test.fetch('/api/v1/customers?limit=10', { as })
      const written = await shop.test.fetch('/api/v1/customers', { method: 'POST', as, body: {} })
      if (query.isRunning) took.push(performance.now() - started)
      expect([read.status, written.status]).toEqual([200, 201])
    }

    expect(await long).toEqual([{ total: count ** 3 }])
    const slowest = took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)]
    console.log(
      `${storage}: ${took.length} reads and writes meanwhile, p99 of a pair ${slowest?.toFixed(0)} ms`,
    )
    expect(took.length).toBeGreaterThan(20)
  }, 120_000)
})
