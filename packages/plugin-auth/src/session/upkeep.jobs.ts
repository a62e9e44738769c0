import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  removeBefore,
  toTimestamp,
  type Ctx,
  type JobHandler,
  type Schedule,
  type Timestamp,
} from '@clientele/core'
import * as z from 'zod'
import { Code } from '../code/code.entity.ts'
import { KnownDevice } from '../device/known-device.entity.ts'
import { forgetPending } from '../operator/forget-pending.ts'
import { Session } from './session.entity.ts'

/** Removes codes that are over, sessions and operators who never came a month after, devices that nobody uses. */
export const AuthUpkeep = defineJob('auth.upkeep', z.object({}))

export const authUpkeepSchedule: Schedule = defineSchedule(
  AuthUpkeep,
  {},
  { cron: '40 * * * *', each: 'instance' },
)

const DAY_MS = 86_400_000

export const authUpkeep: JobHandler = handleJob(AuthUpkeep, async (_input, ctx) => {
  await removeBefore(ctx, Code, 'expiresAt', before(ctx, DAY_MS))
  await removeBefore(ctx, Session, 'expiresAt', before(ctx, 30 * DAY_MS))
  await removeBefore(ctx, KnownDevice, 'lastSeenAt', before(ctx, 180 * DAY_MS))
  await forgetPending(ctx)
})

function before(ctx: Ctx, ms: number): Timestamp {
  return toTimestamp(fromTimestamp(ctx.now()) - ms)
}
