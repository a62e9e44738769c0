import { fromTimestamp, toTimestamp, type Ctx, type Timestamp } from '@clientele/core'
import { AuthConfigured } from '../auth.config.ts'
import type { UserRow } from '../user/user.entity.ts'

const DAY_MS = 86_400_000

/** Until when whoever was added now may open the account. */
export function opensUntil(ctx: Ctx): Timestamp {
  return later(ctx.now(), ctx.get(AuthConfigured).operatorDays)
}

/** Until when somebody who was added and has not opened the account may; null for everybody else. */
export function pendingUntil(ctx: Ctx, user: UserRow): Timestamp | null {
  if (!user.isOperator || user.verifiedAt !== null) return null
  // Whoever was added by an earlier version was told no end.
  return user.operatorExpiresAt ?? later(user.createdAt, ctx.get(AuthConfigured).operatorDays)
}

/** Whether somebody was added and has not opened the account in time: they are nobody until they are added again. */
export function isExpired(ctx: Ctx, user: UserRow): boolean {
  const until = pendingUntil(ctx, user)
  return until !== null && until <= ctx.now()
}

function later(from: Timestamp, days: number): Timestamp {
  return toTimestamp(fromTimestamp(from) + days * DAY_MS)
}
