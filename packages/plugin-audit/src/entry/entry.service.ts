import { defineService, type Ctx } from '@clientele/core'
import type { AuditCheckpoint } from '../audit.options.ts'
import { checkpointOf } from '../chain/checkpoint.ts'
import { findHead } from '../chain/head.ts'
import { sealTenant } from '../chain/seal-tenant.ts'
import { verifyTrail, type AuditVerification, type VerifyOptions } from '../chain/verify-trail.ts'

/** The trail of a tenant, for the host and for other plugins. To write to it, use `Audit` of the core. */
export interface AuditTrailService {
  /** Numbers what waits, now; a job does it every two seconds. Not in a transaction. Answers how many it were. */
  seal(ctx: Ctx): Promise<number>
  /** Looks at the whole trail; an empty list of problems means that nobody has touched it. */
  verify(ctx: Ctx, options?: VerifyOptions): Promise<AuditVerification>
  /** Where the trail stands, signed; null before its first entry was numbered. */
  checkpoint(ctx: Ctx): Promise<AuditCheckpoint | null>
}

/** The service: `ctx.get(AuditTrail)`. */
export const AuditTrail = defineService<AuditTrailService>('audit.trail')

export function createAuditTrail(): AuditTrailService {
  return {
    seal: sealTenant,
    verify: verifyTrail,
    async checkpoint(ctx) {
      const head = await findHead(ctx)
      return head && checkpointOf(ctx, head)
    },
  }
}
