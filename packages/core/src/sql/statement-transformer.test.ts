import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { compiled, compiledPostgres, readerA, system, tenantA } from './sql-fixture.test-d.ts'

test('a table in FROM is named, bound to the tenant and hides removed rows', () => {
  expect(
    compiled((db) => db.selectFrom('customers').select(['id', 'seenAt']).where('score', '>', 3)),
  ).toMatchObject({
    sql:
      'select "id", "seen_at" from "clientele_customers" where "score" > ? ' +
      'and "clientele_customers"."tenant_id" = ? and "clientele_customers"."deleted_at" is null',
    parameters: [3, 'a'],
  })
})

test('PostgreSQL gets the same predicates with its own parameters', () => {
  expect(
    compiledPostgres((db) => db.selectFrom('orders as o').select('o.id').where('o.paid', '=', true)),
  ).toMatchObject({
    sql: 'select "o"."id" from "clientele_orders" as "o" where "o"."paid" = $1 and "o"."tenant_id" = $2',
    parameters: [true, 'a'],
  })
})
