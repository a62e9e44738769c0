import { defineService, fromTimestamp, toTimestamp, type Tx } from '@clientele/core'
import { auditErrors } from '../audit.errors.ts'
import type { AuditConfig } from '../audit.options.ts'
import { Audit, type AuditRow } from './audit.entity.ts'
import { RemoveClosed } from './audit.jobs.ts'

/** Audits for other plugins and for the host. */
export interface AuditsService {
  /** Closes it; it is removed when its days are over. @throws `entity.not_found`, `audit.already_closed` */
  close(t: Tx, id: string): Promise<AuditRow>
}

/** The service: `ctx.get(Audits)`. */
export const Audits = defineService<AuditsService>('audit.audits')

const DAY_MS = 86_400_000

export function createAuditsService({ keepDays }: AuditConfig): AuditsService {
  return {
    async close(t, id) {
      // Two who close it at once: the second waits here, and sees that it is closed.
      await t.lock(Audit, [id])
      const { closedAt } = await t.repo(Audit).get(id)
      if (closedAt !== null) throw auditErrors['audit.already_closed']({ id, closedAt })
      const now = t.now()
      const closed = await t.repo(Audit).patch(id, { closedAt: now })
      const runAt = toTimestamp(fromTimestamp(now) + keepDays * DAY_MS)
      await t.enqueue(RemoveClosed, { id, closedAt: now }, { runAt })
      return closed
    },
  }
}
