import { ok, warn, type Check } from '../observe/check.ts'
import { fromTimestamp } from '../ports/clock.ts'
import type { LiveHealth } from './live.types.ts'

const LONG_MS = 60_000

/** What stands in the details of the health. */
export function liveCheck({ sessions, ok: answers, heldBackSince }: LiveHealth, nowMs: number): Check {
  const name = 'live updates'
  if (!answers)
    return warn(name, 'The journal cannot be read; clients wait', 'The log has the error; they lose nothing')
  if (heldBackSince !== null && nowMs - fromTimestamp(heldBackSince) > LONG_MS)
    return warn(
      name,
      `Changes since ${heldBackSince} wait for a transaction that began before them and still runs`,
      'Find it: select pid, xact_start, query from pg_stat_activity where backend_xid is not null order by xact_start',
    )
  return ok(name, sessions === 1 ? '1 client' : `${sessions} clients`)
}
