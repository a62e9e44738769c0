import { Audit, fromTimestamp, toTimestamp, type Ctx, type Tx } from '@clientele/core'
import type { AuthTables } from '../auth.tables.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { pendingUntil } from './pending.ts'

/** How long those who did not open their account in time stay in the list. */
const SHOWN_MS = 30 * 86_400_000
/** A run; the next one goes on. */
const MOST = 1000

/** Forgets operators who did not open their account, a month after they could. */
export async function forgetPending(ctx: Ctx<AuthTables>): Promise<void> {
  const rows = await ctx.db
    .selectFrom('users')
    .select('id')
    .where('isOperator', '=', true)
    .where('verifiedAt', 'is', null)
    .orderBy('createdAt')
    .limit(MOST)
    .execute()
  for (const { id } of rows) {
    ctx.signal.throwIfAborted()
    await ctx.tx(async (t) => {
      await t.lock(User, [id])
      const user = await t.repo(User).find(id)
      // Meanwhile they opened it, or were added again.
      if (!user || !isLongOver(t, user)) return
      const { email } = user
      await t
        .get(Audit)
        .record(t, { action: 'auth.operator-expired', entity: User.name, rowId: id, details: { email } })
      await endPending(t, id)
    })
  }
}

/** Ends that somebody is to be an operator; an account that nobody opened is deleted. */
export async function endPending(t: Tx<AuthTables>, userId: string): Promise<void> {
  const places = t.db.selectFrom('userTenants').select('id').where('userId', '=', userId)
  const works = (await places.limit(1).executeTakeFirst()) !== undefined
  if (works) await t.repo(User).patch(userId, { isOperator: false, operatorExpiresAt: null })
  else await t.repo(User).remove(userId)
}

function isLongOver(ctx: Ctx, user: UserRow): boolean {
  const until = pendingUntil(ctx, user)
  return until !== null && until <= toTimestamp(fromTimestamp(ctx.now()) - SHOWN_MS)
}
