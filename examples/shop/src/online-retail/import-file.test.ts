import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { EXAMPLE_DATA } from '../first-run.ts'
import type { Shop } from '../shop.ts'
import { startTestShop } from '../test-shop.fixture.ts'
import { importFile } from './import-file.ts'
import { factsOf } from './online-retail.fixture.ts'

const SLOW = { timeout: 300_000 }

eachStorage((kind) => {
  test(
    'the quarter becomes orders, refunds and movements, and a second import changes nothing',
    SLOW,
    async () => {
      const { shop, storage } = await startTestShop(kind)
      const { metrics, ...facts } = factsOf(EXAMPLE_DATA)
      const progress: number[] = []

      const imported = await importFile(shop, storage, EXAMPLE_DATA, {
        onProgress: (share) => progress.push(share),
      })
      expect(imported).toMatchObject({ ...facts, unaccounted: 0 })
      expect(Object.values(imported.outcomes).reduce((sum, count) => sum + count, 0)).toBe(facts.rows)
      expect(progress.at(-1)).toBe(1)
      expect(progress).toEqual(progress.toSorted((a, b) => a - b))

      expect(await metricsOf(shop)).toEqual(metrics)
      expect(await placesOf(shop)).toEqual([])
      const versions = await versionsOf(shop)

      expect(await importFile(shop, storage, EXAMPLE_DATA)).toEqual(imported)
      expect(await versionsOf(shop)).toEqual(versions)
    },
  )
})

async function metricsOf(shop: Shop) {
  const rows = await shop
    .as()
    .db.selectFrom('customers')
    .innerJoin('customerMetrics', 'customerMetrics.id', 'customers.id')
    .select(['externalId', 'orderCount', 'grossSpend', 'totalSpend'])
    .execute()
  return new Map(rows.map(({ externalId, ...metrics }) => [externalId, metrics]))
}

/** Countries of customers that are none: the API could not answer their rows. */
async function placesOf(shop: Shop) {
  const rows = await shop.as().db.selectFrom('customers').select('country').distinct().execute()
  return rows.filter(({ country }) => country !== null && !/^[A-Z]{2}$/.test(country))
}

/** Rows and versions of every table: a second import that wrote anything would show. */
async function versionsOf(shop: Shop) {
  const { db } = shop.as()
  const tables = ['customers', 'products', 'orders', 'orderLines', 'refunds', 'stockMovements'] as const
  return Promise.all(
    tables.map((table) =>
      db
        .selectFrom(table)
        .select((eb) => [eb.fn.countAll<number>().as('rows'), eb.fn.sum<number>('version').as('versions')])
        .executeTakeFirst(),
    ),
  )
}
