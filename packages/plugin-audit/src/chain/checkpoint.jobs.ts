import {
  defineJob,
  defineSchedule,
  handleJob,
  type Ctx,
  type JobHandler,
  type Schedule,
} from '@clientele/core'
import * as z from 'zod'
import { AuditConfigured } from '../audit.config.ts'
import type { AuditTables } from '../audit.tables.ts'
import { checkpointOf } from './checkpoint.ts'
import { findHead } from './head.ts'
import { inTenant } from './in-tenant.ts'

/** Tells where the trails stand that grew: to the log, and to where the host wants it. */
const Checkpoint = defineJob('audit.checkpoint', z.object({}), { concurrency: 1, timeoutMs: 240_000 })

export const checkpointSchedule: Schedule = defineSchedule(
  Checkpoint,
  {},
  { cron: '*/5 * * * *', each: 'instance' },
)

export const checkpoint: JobHandler = handleJob(Checkpoint, async (_, ctx) => {
  const failures: unknown[] = []
  for (const tenantId of await tenantsThatGrew(ctx)) {
    ctx.signal.throwIfAborted()
    await take(inTenant(ctx, tenantId)).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} checkpoints were not taken`)
})

async function tenantsThatGrew(ctx: Ctx<AuditTables>): Promise<readonly string[]> {
  const rows = await ctx.db
    .selectFrom('auditHeads')
    .select('tenant')
    .whereRef('seq', '>', 'checkpointSeq')
    .limit(1000)
    .execute()
  return rows.map(({ tenant }) => tenant)
}

async function take(ctx: Ctx<AuditTables>): Promise<void> {
  const head = await findHead(ctx)
  if (!head) return
  const taken = checkpointOf(ctx, head)
  await ctx.get(AuditConfigured).checkpoint?.(taken)
  ctx.log.info({ checkpoint: taken }, 'checkpoint of the audit trail')
  await ctx.tx((t) =>
    t.projection('where the last checkpoint stood', (db) =>
      db
        .updateTable('auditHeads')
        .set({ checkpointSeq: head.seq })
        .where('tenant', '=', t.tenantId)
        .execute(),
    ),
  )
}
