import { Dice } from './random-query.fixture.ts'
import { system, type AnyDb } from './test-sql.fixture.ts'
import type { Binding } from './sql-layer.ts'

export const TENANTS = ['a', 'b', 'c']
/** Tables that belong to tenants. */
const TENANT_TABLES = ['customers', 'orders', 'tags', 'customerMetrics']

const AT = '2025-01-01T00:00:00.000Z'
const WORDS = ['red', 'green', 'blue', 'big', 'small', 'far']

/**
 * Fills tables with the same ids, words and numbers for every tenant, so that whatever reaches across tenants finds
 * something. A tenant's rows are the same whichever others are there.
 */
export async function fillTenants(
  db: (binding: Binding) => AnyDb,
  tenants: readonly string[],
): Promise<void> {
  const insert = (table: string, row: object) => db(system).insertInto(table).values(row).execute()
  for (const tenantId of tenants) {
    const dice = new Dice(tenantId.charCodeAt(0))
    for (let n = 1; n <= 6; n++) {
      const row = { tenantId, ...base(n) }
      const [score, orderCount, total, uses] = [dice.below(4), dice.below(4), dice.below(5), dice.below(4)]
      const [deletedAt, tagDeletedAt] = [dice.chance(25) ? AT : null, dice.chance(25) ? AT : null]
      const customerId = dice.chance(80) ? uuid(1 + dice.below(6)) : null
      await insert('customers', {
        ...row,
        score,
        vip: n > 3,
        name: `n${n}`,
        source: 's',
        externalId: `${n}`,
        deletedAt,
      })
      await insert('customerMetrics', { ...row, orderCount })
      await insert('orders', { ...row, customerId, total, paid: true, placedAt: AT })
      await insert('tags', { ...row, word: WORDS[n - 1], uses, deletedAt: tagDeletedAt })
    }
  }
  await insert('countries', { ...base(1), code: 'PT' })
}

/** Rows in an order that does not matter, as text. */
function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

/** The rows of a tenant that its contexts see, or all others. */
export async function rowsOf(db: AnyDb, tenantId: string, own: boolean): Promise<string[]> {
  const rows: Record<string, unknown>[] = []
  for (const table of TENANT_TABLES) rows.push(...(await db.selectFrom(table).selectAll().execute()))
  return sorted(rows.filter((row) => (row['tenantId'] === tenantId && !row['deletedAt']) === own))
}

/** What a query answers; a statement may as well fail on a constraint, and two databases must agree on that too. */
export async function outcome(run: () => Promise<readonly unknown[]>): Promise<string[]> {
  try {
    return sorted(await run())
  } catch (error) {
    const { code } = error as { code?: string }
    if (code?.startsWith('SQLITE_CONSTRAINT') || code?.startsWith('23')) return ['constraint']
    throw error
  }
}

function base(n: number) {
  return { id: uuid(n), version: 1 + (n % 3), createdAt: AT, updatedAt: AT }
}

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}
