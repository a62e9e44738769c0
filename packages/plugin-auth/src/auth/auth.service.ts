import { defineService, fromTimestamp, toTimestamp, type Tx } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'
import { Auth, type AuthRow } from './auth.entity.ts'
import { RemoveClosed } from './auth.jobs.ts'

/** Auths for other plugins and for the host. */
export interface AuthsService {
  /** Closes it; it is removed when its days are over. @throws `entity.not_found`, `auth.already_closed` */
  close(t: Tx, id: string): Promise<AuthRow>
}

/** The service: `ctx.get(Auths)`. */
export const Auths = defineService<AuthsService>('auth.auths')

const DAY_MS = 86_400_000

export function createAuthsService({ keepDays }: AuthConfig): AuthsService {
  return {
    async close(t, id) {
      // Two who close it at once: the second waits here, and sees that it is closed.
      await t.lock(Auth, [id])
      const { closedAt } = await t.repo(Auth).get(id)
      if (closedAt !== null) throw authErrors['auth.already_closed']({ id, closedAt })
      const now = t.now()
      const closed = await t.repo(Auth).patch(id, { closedAt: now })
      const runAt = toTimestamp(fromTimestamp(now) + keepDays * DAY_MS)
      await t.enqueue(RemoveClosed, { id, closedAt: now }, { runAt })
      return closed
    },
  }
}
