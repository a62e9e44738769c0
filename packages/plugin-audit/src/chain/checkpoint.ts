import { Keys, type Ctx } from '@clientele/core'
import type { AuditCheckpoint } from '../audit.options.ts'
import type { AuditHeadRow } from './chain.entity.ts'

const CHECKPOINT = 'audit.checkpoint'

/** Where a trail stands, signed. */
export function checkpointOf(ctx: Ctx, { seq, hash }: Pick<AuditHeadRow, 'seq' | 'hash'>): AuditCheckpoint {
  const stand = { tenantId: ctx.tenantId, seq, hash, at: ctx.now() }
  return { ...stand, signature: ctx.get(Keys).hashes(ctx, CHECKPOINT, textOf(stand))[0] }
}

export function isCheckpointSigned(ctx: Ctx, checkpoint: AuditCheckpoint): boolean {
  return ctx.get(Keys).hashes(ctx, CHECKPOINT, textOf(checkpoint)).includes(checkpoint.signature)
}

function textOf({ tenantId, seq, hash, at }: Omit<AuditCheckpoint, 'signature'>): string {
  return JSON.stringify([tenantId, seq, hash, at])
}
