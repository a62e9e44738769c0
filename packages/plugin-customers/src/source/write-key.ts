import { Secrets, type Ctx } from '@clientele/core'
import { createHash } from 'node:crypto'

const FORM = /^wk_([a-z0-9][a-z0-9-]{0,31})_([A-Za-z0-9_-]{32})$/

/**
 * A new write key, `wk_<tenant>_<32 letters>`: it says its tenant, so that events need nothing else. It only lets events
 * in, and stands in web pages for everybody to read.
 */
export function newWriteKey(ctx: Ctx): string {
  return `wk_${ctx.tenantId}_${ctx.get(Secrets).token(ctx, 24)}`
}

/** The tenant that a write key says; null for what has not the form of one. */
export function tenantOfWriteKey(key: string): string | null {
  return FORM.exec(key)?.[1] ?? null
}

/** What is kept of a write key. */
export function hashOfWriteKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
