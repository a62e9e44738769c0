import { silentLogger, systemClock, type Statement } from '@clientele/core'
import { expect, onTestFinished, test } from 'vitest'
import { sqlite } from './sqlite.ts'

const ROWS = 5000

test('the planner learns that one tenant has all rows, on every connection', async () => {
  const storage = sqlite(':memory:')
  onTestFinished(() => storage.close())
  await storage.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
  const statement = (sql: string): Statement => ({ sql, parameters: [] })
  await storage.write({ tenantId: '*' }, async (connection) => {
    await connection.execute(
      statement(
        'CREATE TABLE people (tenant_id TEXT, id INTEGER, name TEXT, PRIMARY KEY (tenant_id, id)) STRICT',
      ),
    )
    await connection.execute(
      statement(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
        INSERT INTO people SELECT 'default', i, 'Ana' || i FROM n`),
    )
  })
  await storage.analyze()
  const plan = statement(
    `EXPLAIN QUERY PLAN SELECT count(*) FROM people WHERE tenant_id = 'default' AND name > 'B'`,
  )
  const plans = await Promise.all([
    storage.read({ tenantId: '*' }, (connection) => connection.execute(plan)),
    storage.write({ tenantId: '*' }, (connection) => connection.execute(plan)),
    storage.population({ tenantId: '*' }, plan),
  ])
  expect(plans.map(({ rows }) => rows[0]!['detail'])).toEqual(['SCAN people', 'SCAN people', 'SCAN people'])
})
