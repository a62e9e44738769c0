import { hasPermission, uuidSchema, type Actor, type Ctx, type Tx } from '@clientele/core'
import { Access } from '../access/access.service.ts'
import { ApiKeys } from '../api-key/api-key.service.ts'
import { memberErrors } from '../members.errors.ts'
import { Roles } from '../role/role.service.ts'
import { User } from '../user/user.entity.ts'
import type { InvitationRow } from './invitation.entity.ts'

type Inviter = Pick<InvitationRow, 'inviterKind' | 'invitedBy'>

/** What inviting takes, besides holding what the role permits. */
export const TO_INVITE = 'users:write'

/** Who invites, as it can be looked up when somebody accepts. */
export async function inviterOf(t: Tx): Promise<Inviter> {
  const { kind, id: invitedBy } = t.actor
  if (kind === 'key') return { inviterKind: 'key', invitedBy }
  const hasAccount = uuidSchema.safeParse(invitedBy).success && (await t.repo(User).find(invitedBy)) !== null
  return { inviterKind: hasAccount ? 'account' : 'host', invitedBy }
}

/**
 * Refuses an invitation of somebody who could not send it now. Whom only the host knows is asked about no further: what
 * they may do stands in no table of ours.
 *
 * @throws `auth.invitation_unbacked`
 */
export async function checkInviter(t: Tx, invitation: Inviter & Pick<InvitationRow, 'role'>): Promise<void> {
  if (invitation.inviterKind === 'host') return
  const held = await permissionsOf(t, invitation)
  const inviter: Actor = { kind: 'user', id: invitation.invitedBy, permissions: held ?? new Set() }
  const needed = (await t.get(Roles).permissionsOf(t, invitation.role)) ?? []
  if ([TO_INVITE, ...needed].every((one) => hasPermission(inviter, one))) return
  throw memberErrors['auth.invitation_unbacked']({ role: invitation.role })
}

async function permissionsOf(
  ctx: Ctx,
  { inviterKind, invitedBy }: Inviter,
): Promise<ReadonlySet<string> | null> {
  if (inviterKind === 'key') return ctx.get(ApiKeys).permissionsOf(ctx, invitedBy)
  const access = await ctx.get(Access).permissionsIn(ctx, invitedBy, ctx.tenantId)
  return access?.permissions ?? null
}
