import { createHash } from 'node:crypto'
import {
  Audit,
  defineService,
  fromTimestamp,
  Secrets,
  systemActor,
  TenantContexts,
  TenantDirectory,
  TenantSettings,
  toTimestamp,
  type Ctx,
  type Tx,
} from '@clientele/core'
import { AuthConfigured } from '../auth.config.ts'
import { brandOf } from '../brand/brand.ts'
import { asRead } from '../mail/compose.ts'
import { pageUrl } from '../mail/pages.ts'
import { writeMail } from '../mail/write-mail.ts'
import { memberErrors } from '../members.errors.ts'
import { TenantMember, type TenantMemberRow } from '../member/member.entity.ts'
import { TenantMembers } from '../member/member.service.ts'
import { Passwords } from '../password/password.service.ts'
import { mustHold, Roles } from '../role/role.service.ts'
import type { Locale, UserRow } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { Invitation, type InvitationRow } from './invitation.entity.ts'
import { checkInviter, inviterOf, TO_INVITE } from './inviter.ts'

/** Who is asked to work in the tenant, and as what. */
export interface NewInvitation {
  readonly email: string
  readonly role: string
  readonly locale?: Locale | undefined
}

/** What accepting takes. */
export interface AcceptedInvitation {
  /** From the mail. */
  readonly token: string
  readonly name?: string | undefined
  /** For somebody without an account; that of an account stays what it is. */
  readonly password?: string | undefined
}

/**
 * Asking people to work in the tenant. Whoever has the mail proves to read the address; nothing else is asked of them,
 * so accepting signs nobody in.
 */
export interface InvitationsService {
  /**
   * Mails an invitation. An open one for the same address is revoked.
   * @throws `auth.unknown_role`, `auth.beyond_own`, `auth.already_member`
   */
  create(t: Tx, invitation: NewInvitation): Promise<InvitationRow>
  /** @throws `entity.not_found`, `auth.invitation_over` */
  revoke(t: Tx, id: string): Promise<InvitationRow>
  /**
   * @param ctx of the whole instance: the token says which tenant
   * @throws `auth.invitation_over`, `auth.invitation_unbacked`, `auth.unknown_invitation`, `auth.weak_password`; what a
   * suspended tenant answers
   */
  accept(
    ctx: Ctx,
    accepted: AcceptedInvitation,
  ): Promise<{ readonly tenantId: string; readonly userId: string }>
}

/** The service: `ctx.get(Invitations)`. */
export const Invitations = defineService<InvitationsService>('auth.invitations')

const DAY_MS = 86_400_000

export function createInvitationsService(): InvitationsService {
  return {
    async create(t, { email, role, locale = 'en' }) {
      const { roleId, permissions } = await t.get(Roles).resolve(t, role)
      mustHold(t, [TO_INVITE, ...permissions])
      await refuseMember(t, email)
      await revokeOpen(t, email)
      const token = `${t.tenantId}.${t.get(Secrets).token(t, 24)}`
      const { invitationDays } = t.get(AuthConfigured)
      const expiresAt = toTimestamp(fromTimestamp(t.now()) + invitationDays * DAY_MS)
      const tokenHash = hashOf(token)
      const inviter = await inviterOf(t)
      const made = await t
        .repo(Invitation)
        .insert({ email, role, roleId, locale, tokenHash, ...inviter, expiresAt })
      const mail = { kind: 'invitation', to: email, locale, brand: await brandOf(t), expiresAt } as const
      const { name: shop } = await t.settings(TenantSettings)
      const link = pageUrl(t, 'invitation', token)
      await writeMail(t, mail, { shop, until: asRead(expiresAt), link, code: token })
      return made
    },
    async revoke(t, id) {
      await t.lock(Invitation, [id])
      const { state } = await t.repo(Invitation).get(id)
      if (state !== 'open') throw memberErrors['auth.invitation_over']({ reason: state })
      return t.repo(Invitation).patch(id, { state: 'revoked' })
    },
    async accept(ctx, { token, name, password }) {
      const inTenant = tenantOf(ctx, token)
      const found = await findOpen(inTenant, token)
      await ctx.get(TenantDirectory).admit?.(ctx, inTenant.tenantId)
      const known = await ctx.get(Users).findByEmail(ctx, found.email)
      const needsPassword = !isProved(known) && password !== undefined
      if (needsPassword) ctx.get(Passwords).require(password, found.email)
      // Hashing takes longer than a transaction should.
      const passwordHash = needsPassword ? await ctx.get(Passwords).hash(ctx, password) : null
      return inTenant.tx(async (t) => {
        await t.lock(Invitation, [found.id])
        const invitation = await findOpen(t, token)
        await checkInviter(t, invitation)
        const { id, email, role, locale, invitedBy } = invitation
        const isNew = !isProved(await t.get(Users).findByEmail(t, email))
        const person = { email, locale, ...(name ? { name } : {}) }
        const user = await t.get(Users).prove(t, isNew ? { ...person, passwordHash } : { email })
        const member = await t.get(TenantMembers).add(t, user.id, role)
        await t.repo(Invitation).patch(id, { state: 'accepted', acceptedAt: t.now(), acceptedBy: user.id })
        await recordAccepted(t, member, { invitationId: id, invitedBy })
        return { tenantId: t.tenantId, userId: user.id }
      })
    },
  }
}

/** The system lets them in, by what somebody decided and they did: that belongs on the record of the tenant. */
async function recordAccepted(
  t: Tx,
  { id: rowId, userId, role }: TenantMemberRow,
  invitation: { readonly invitationId: string; readonly invitedBy: string },
): Promise<void> {
  const details = { role, ...invitation }
  const actor = { kind: 'user', id: userId } as const
  await t
    .get(Audit)
    .record(t, { action: 'auth.invitation-accepted', entity: TenantMember.name, rowId, actor, details })
}

/** Whether an account is somebody's who showed to read its address. */
function isProved(user: UserRow | null): boolean {
  return user !== null && user.verifiedAt !== null
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The tenant that a token names, which a wrong token may name as well. */
function tenantOf(ctx: Ctx, token: string): Ctx {
  const tenantId = token.split('.', 1)[0] ?? ''
  try {
    return ctx.get(TenantContexts).open(ctx, tenantId, systemActor)
  } catch {
    throw memberErrors['auth.unknown_invitation']({})
  }
}

async function findOpen(ctx: Ctx, token: string): Promise<InvitationRow> {
  const row = await ctx.db
    .selectFrom('invitations')
    .select('id')
    .where('tokenHash', '=', hashOf(token))
    .executeTakeFirst()
  if (!row) throw memberErrors['auth.unknown_invitation']({})
  const invitation = await ctx.repo(Invitation).get(row.id)
  if (invitation.state !== 'open') throw memberErrors['auth.invitation_over']({ reason: invitation.state })
  if (invitation.expiresAt <= ctx.now()) throw memberErrors['auth.invitation_over']({ reason: 'expired' })
  return invitation
}

async function refuseMember(t: Tx, email: string): Promise<void> {
  const user = await t.get(Users).findByEmail(t, email)
  if (!user) return
  const member = await t.db
    .selectFrom('tenantMembers')
    .select('id')
    .where('userId', '=', user.id)
    .executeTakeFirst()
  if (member) throw memberErrors['auth.already_member']({ email })
}

async function revokeOpen(t: Tx, email: string): Promise<void> {
  const open = await t.db
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('state', '=', 'open')
    .execute()
  for (const { id } of open) await t.repo(Invitation).patch(id, { state: 'revoked' })
}
