import { Secrets, type Ctx } from '@clientele/core'

/** A new secret in the form of the specification: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(ctx: Ctx): string {
  return `whsec_${Buffer.from(ctx.get(Secrets).token(ctx, 32), 'base64url').toString('base64')}`
}
