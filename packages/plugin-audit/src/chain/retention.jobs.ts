import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  toTimestamp,
  type JobHandler,
  type Schedule,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { AuditSettings } from '../audit.settings.ts'
import type { AuditTables } from '../audit.tables.ts'
import { lockHead, moveHead } from './head.ts'

/** Removes what is older than the tenant keeps it, the oldest first, so that the rest is still one chain. */
const RemoveOld = defineJob('audit.remove-old', z.object({}), { concurrency: 1, timeoutMs: 3_600_000 })

export const retentionSchedule: Schedule = defineSchedule(RemoveOld, {}, { cron: '40 3 * * *' })

const SLICE = 200
const DAY_MS = 86_400_000

export const removeOld: JobHandler = handleJob(RemoveOld, async (_, ctx) => {
  const { keepDays } = await ctx.settings(AuditSettings)
  const before = toTimestamp(fromTimestamp(ctx.now()) - keepDays * DAY_MS)
  for (let removed = SLICE; removed === SLICE;) {
    ctx.signal.throwIfAborted()
    removed = await ctx.tx((t) => removeSlice(t, before))
  }
})

/** The beginning of the chain, up to the first entry that is young enough. */
async function removeSlice(t: Tx<AuditTables>, before: Timestamp): Promise<number> {
  const locked = await lockHead(t)
  const oldest = await t.db
    .selectFrom('auditSeals')
    .innerJoin('auditEntries', 'auditEntries.id', 'auditSeals.entryId')
    .select(['auditSeals.id', 'auditSeals.seq', 'auditSeals.hash', 'auditSeals.entryId', 'auditEntries.at'])
    .where('auditSeals.seq', '>', locked.head.floorSeq)
    .orderBy('auditSeals.seq')
    .limit(SLICE)
    .execute()
  const young = oldest.findIndex(({ at }) => at >= before)
  const old = young === -1 ? oldest : oldest.slice(0, young)
  const last = old.at(-1)
  if (!last) return 0
  const entryIds = old.map(({ entryId }) => entryId)
  await t.projection('the oldest of a trail goes when its time is over', async (db) => {
    await db.deleteFrom('auditSubjects').where('entryId', 'in', entryIds).execute()
    await db.deleteFrom('auditEntries').where('id', 'in', entryIds).execute()
    await db
      .deleteFrom('auditSeals')
      .where(
        'id',
        'in',
        old.map(({ id }) => id),
      )
      .execute()
  })
  await moveHead(t, locked, { floorSeq: last.seq, floorHash: last.hash })
  return old.length
}
