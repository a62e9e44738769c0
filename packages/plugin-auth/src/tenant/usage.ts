import { defineService, fromTimestamp, type InsertLimit, type Tx } from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import type { Quotas } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

/** How much tenants use of what is limited, kept in memory: what is counted costs nothing most of the time. */
export interface UsageService {
  /**
   * Refuses what is more than a tenant may have. Other nodes are counted along once a minute, so for a moment there may
   * be a little more; nothing is refused that would fit.
   *
   * @param count looks at the database, after the rows were added
   * @throws `auth.quota_reached`
   */
  check(
    t: Tx,
    quota: keyof Quotas,
    added: { readonly rows: number; readonly period?: string; readonly count: () => Promise<number> },
  ): Promise<void>
}

export const Usage = defineService<UsageService>('auth.usage')

const RECOUNT_MS = 60_000
const MOST_KEPT = 10_000

export function createUsageService(): UsageService {
  const known = new Map<string, { used: number; readonly countedAt: number }>()
  return {
    async check(t, quota, { rows, period = '', count }) {
      const { [quota]: limit } = await t.get(Tenants).quotas(t)
      if (limit === null) return
      const key = `${t.tenantId} ${quota} ${period}`
      const now = fromTimestamp(t.now())
      const recount = async (): Promise<number> => {
        const used = await count()
        if (known.size >= MOST_KEPT) known.clear()
        known.set(key, { used, countedAt: now })
        return used
      }
      const last = known.get(key)
      if (last && Math.abs(now - last.countedAt) < RECOUNT_MS) {
        last.used += rows
        if (last.used <= limit) return
      }
      // What was undone, or removed, was counted as well: only the database says that it is too much.
      if ((await recount()) > limit) throw memberErrors['auth.quota_reached']({ quota, limit })
    },
  }
}

/** Customers at once. */
export const customerLimit: InsertLimit = {
  entity: 'customers',
  check: (t, rows) => t.get(Usage).check(t, 'customers', { rows, count: () => countOf(t, 'customers') }),
}

/** Events received in the calendar month, in UTC. */
export const eventLimit: InsertLimit = {
  entity: 'events',
  check: (t, rows) => {
    const period = t.now().slice(0, 7)
    return t
      .get(Usage)
      .check(t, 'eventsPerMonth', { rows, period, count: () => countOf(t, 'events', firstIdOf(period)) })
  },
}

async function countOf(t: Tx, table: string, since?: string): Promise<number> {
  const rows = t.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n'))
  const counted = since === undefined ? rows : rows.where('id', '>=', since)
  return (await counted.executeTakeFirst())?.n ?? 0
}

/** Ids begin with the time at which they were made, and lie in the key in that order. */
function firstIdOf(period: string): string {
  const hex = fromTimestamp(`${period}-01T00:00:00.000Z`).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
