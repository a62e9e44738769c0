import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  toTimestamp,
  type Ctx,
  type JobHandler,
  type Schedule,
} from '@clientele/core'
import * as z from 'zod'
import type { AuthTables } from '../auth.tables.ts'
import { Code } from '../code/code.entity.ts'
import { Session } from './session.entity.ts'

/** Removes codes that are over, and sessions a month after they were. */
export const AuthUpkeep = defineJob('auth.upkeep', z.object({}))

export const authUpkeepSchedule: Schedule = defineSchedule(
  AuthUpkeep,
  {},
  { cron: '40 * * * *', each: 'instance' },
)

const SLICE = 100
const DAY_MS = 86_400_000

export const authUpkeep: JobHandler = handleJob(AuthUpkeep, async (_input, ctx) => {
  await removeOver(ctx, Code, DAY_MS)
  await removeOver(ctx, Session, 30 * DAY_MS)
})

async function removeOver(
  ctx: Ctx<AuthTables>,
  entity: typeof Code | typeof Session,
  afterMs: number,
): Promise<void> {
  const until = toTimestamp(fromTimestamp(ctx.now()) - afterMs)
  for (;;) {
    ctx.signal.throwIfAborted()
    const removed = await ctx.tx(async (t) => {
      const rows = await t.db
        .selectFrom(entity.name)
        .select('id')
        .where('expiresAt', '<', until)
        .orderBy('expiresAt')
        .limit(SLICE)
        .execute()
      await t.repo(entity).removeMany(rows.map(({ id }) => id))
      return rows.length
    })
    if (removed < SLICE) return
  }
}
