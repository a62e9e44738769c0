import {
  defineJob,
  defineSchedule,
  handleJob,
  TenantContexts,
  type Ctx,
  type JobHandler,
  type Schedule,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { graceEnd, isProved } from './domain.service.ts'
import { TenantDomain, type TenantDomainRow } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

/** Looks whether the domains that stand for tenants are still theirs: they may have been sold, or let go. */
const ProveDomains = defineJob('auth.proveDomains', z.object({}), { concurrency: 1 })

export const proveDomainsSchedule: Schedule = defineSchedule(
  ProveDomains,
  {},
  { cron: '20 4 * * *', each: 'instance' },
)

const PAGE = 100
const WHY = 'when a domain was looked at is no change of it'

export const proveDomains: JobHandler = handleJob(ProveDomains, async (_input, ctx) => {
  for (let after = '', page = await proved(ctx, after); page.length > 0; page = await proved(ctx, after)) {
    for (const { id } of page) {
      ctx.signal.throwIfAborted()
      await look(ctx, id)
    }
    after = page.at(-1)!.domain
  }
  ctx.get(Tenants).forget()
})

/** By name, of which only one stands for a tenant. */
function proved(ctx: Ctx, after: string): Promise<readonly Pick<TenantDomainRow, 'id' | 'domain'>[]> {
  return ctx.db
    .selectFrom('tenantDomains')
    .select(['id', 'domain'])
    .where('verifiedAt', 'is not', null)
    .where('domain', '>', after)
    .orderBy('domain')
    .limit(PAGE)
    .execute()
}

async function look(ctx: Ctx, id: string): Promise<void> {
  const row = await ctx.repo(TenantDomain).find(id)
  if (!row) return
  let isThere: boolean
  try {
    isThere = await isProved(ctx, row)
  } catch (err) {
    // That the DNS is away says nothing of the domain: tomorrow is another day.
    ctx.log.warn({ err, domain: row.domain }, 'a domain could not be looked at')
    return
  }
  const inTenant = ctx.get(TenantContexts).open(ctx, row.tenantId)
  await inTenant.tx(async (t) => {
    await t.lock(TenantDomain, [id])
    const now = await t.repo(TenantDomain).find(id)
    if (now?.verifiedAt) await mark(t, now, isThere)
  })
}

/** What changes stands in the tenant's own trail; that nothing did, nowhere. */
async function mark(t: Tx, { id, domain, missingSince }: TenantDomainRow, isThere: boolean): Promise<void> {
  await t.projection(WHY, (db) =>
    db.updateTable('tenantDomains').set({ checkedAt: t.now() }).where('id', '=', id).execute(),
  )
  if (isThere) {
    if (missingSince !== null) await t.repo(TenantDomain).patch(id, { missingSince: null })
    return
  }
  const since = missingSince ?? t.now()
  const isOver = graceEnd(t, since) <= t.now()
  t.log.warn(
    { domain, missingSince: since },
    isOver ? 'a domain is not proved any more' : 'a domain lost its proof',
  )
  if (missingSince === null || isOver)
    await t.repo(TenantDomain).patch(id, { missingSince: since, ...(isOver ? { verifiedAt: null } : {}) })
}
