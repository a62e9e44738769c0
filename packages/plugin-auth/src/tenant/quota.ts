import type { Tx } from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { Tenants } from './tenant.service.ts'
import type { Quotas } from './tenant.entity.ts'

/**
 * Refuses to add more than the tenant may have. Two at once may both pass: a quota is for plans and bills, not a wall.
 *
 * @param used how many there are now; asked only where there is a limit
 * @throws `auth.quota_reached`
 */
export async function checkQuota(
  t: Tx,
  quota: keyof Quotas,
  more: number,
  used: () => Promise<number>,
): Promise<void> {
  const { [quota]: limit } = await t.get(Tenants).quotas(t)
  if (limit === null || (await used()) + more <= limit) return
  throw memberErrors['auth.quota_reached']({ quota, limit })
}
