import {
  defineJob,
  defineSchedule,
  handleJob,
  type Ctx,
  type JobHandler,
  type Schedule,
} from '@clientele/core'
import * as z from 'zod'
import type { AuditTables } from '../audit.tables.ts'
import { inTenant } from './in-tenant.ts'
import { sealTenant } from './seal-tenant.ts'

/** Numbers what was written, in every tenant that has some. */
const Seal = defineJob('audit.seal', z.object({}), { attempts: 1, concurrency: 1, timeoutMs: 60_000 })

/** So often that an entry is numbered within five seconds of its commit. */
export const sealSchedule: Schedule = defineSchedule(
  Seal,
  {},
  { cron: '*/2 * * * * *', each: 'instance', missed: 'once' },
)

export const seal: JobHandler = handleJob(Seal, async (_, ctx) => {
  for (const tenantId of await tenantsWithPending(ctx)) {
    ctx.signal.throwIfAborted()
    try {
      await sealTenant(inTenant(ctx, tenantId))
    } catch (err) {
      ctx.log.error({ err, tenantId }, 'the audit trail of a tenant could not be numbered; it is tried again')
    }
  }
})

async function tenantsWithPending({ db }: Ctx<AuditTables>): Promise<readonly string[]> {
  const rows = await db.selectFrom('auditPending').select('tenant').distinct().limit(1000).execute()
  return rows.map(({ tenant }) => tenant)
}
