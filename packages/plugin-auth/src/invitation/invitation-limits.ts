import { RateLimits, type Ctx } from '@clientele/core'
import { ApiKey } from '../api-key/api-key.entity.ts'

/** So many invitations by one person, whichever of their keys sends them. */
const BY_PERSON = { requests: 30, perSeconds: 3600 }
/** So many to one address, whoever sends them. */
const TO_ADDRESS = { requests: 5, perSeconds: 86_400 }

/**
 * Counts an invitation before it is sent, within the tenant: what one shop sends neither stops another nor tells it
 * anything. The system is no person: what it sends is limited by the address alone.
 *
 * @throws `http.too_many_requests`, `limits.in_transaction`
 */
export async function limitInvitations(ctx: Ctx, email: string): Promise<void> {
  const limits = ctx.get(RateLimits)
  const person = await personOf(ctx)
  if (person !== null) await limits.require(ctx, { name: 'auth.invitations', key: person, ...BY_PERSON })
  await limits.require(ctx, { name: 'auth.invitations-to', key: email, ...TO_ADDRESS })
}

async function personOf(ctx: Ctx): Promise<string | null> {
  const { kind, id } = ctx.actor
  if (kind === 'system') return null
  if (kind !== 'key') return id
  return (await ctx.repo(ApiKey).find(id))?.madeById ?? id
}
