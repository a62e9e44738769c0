import { defineService, type Ctx, type Tx, type WriteOptions } from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { mustHold, Roles } from '../role/role.service.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { Membership, UserTenant, type MembershipRow } from './membership.entity.ts'

/** A user as the tenant they work in sees them. */
export interface Member {
  readonly user: UserRow
  readonly membership: MembershipRow
}

/**
 * Who works in the tenant. Everything acts with the next request, on every node: what somebody may do is looked up each
 * time. The last active super admin of a tenant stays one, however many try at once to end that.
 */
export interface MembershipsService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, userId: string): Promise<Member>
  /**
   * Lets a user work here; one who does gets the role.
   * @throws `auth.unknown_role`, `auth.beyond_own`, `auth.last_super_admin`
   */
  add(t: Tx, userId: string, role: string): Promise<MembershipRow>
  /** @throws `entity.not_found`, `auth.unknown_role`, `auth.beyond_own`, `auth.last_super_admin` */
  setRole(t: Tx, userId: string, role: string, options?: WriteOptions): Promise<MembershipRow>
  /** @throws `entity.not_found`, `auth.beyond_own`, `auth.last_super_admin` */
  setActive(t: Tx, userId: string, active: boolean, options?: WriteOptions): Promise<MembershipRow>
  /**
   * Ends that they work here; whoever works nowhere then is deleted altogether.
   * @throws `entity.not_found`, `auth.beyond_own`, `auth.last_super_admin`
   */
  remove(t: Tx, userId: string, options?: WriteOptions): Promise<void>
}

/** The service: `ctx.get(Memberships)`. */
export const Memberships = defineService<MembershipsService>('auth.memberships')

export function createMembershipsService(): MembershipsService {
  return {
    async get(ctx, userId) {
      const membership = await ctx.repo(Membership).get(await membershipId(ctx, userId))
      return { membership, user: await ctx.repo(User).get(userId) }
    },
    async add(t, userId, role) {
      const { roleId, permissions } = await t.get(Roles).resolve(t, role)
      mustHold(t, permissions)
      const known = await findMembership(t, userId)
      if (known) return this.setRole(t, userId, role)
      await t.repo(UserTenant).insert({ userId, tenantId: t.tenantId })
      return t.repo(Membership).insert({ userId, role, roleId })
    },
    async setRole(t, userId, role, options) {
      const before = await locked(t, userId)
      const { roleId, permissions } = await t.get(Roles).resolve(t, role)
      mustHold(t, permissions)
      if (role !== SUPER_ADMIN) await keepSuperAdmin(t, before)
      return t.repo(Membership).patch(before.id, { role, roleId }, options)
    },
    async setActive(t, userId, active, options) {
      const before = await locked(t, userId)
      if (!active) await keepSuperAdmin(t, before)
      return t.repo(Membership).patch(before.id, { active }, options)
    },
    async remove(t, userId, options) {
      const before = await locked(t, userId)
      await keepSuperAdmin(t, before)
      await t.repo(Membership).remove(before.id, options)
      await forgetPlace(t, userId)
    },
  }
}

export const SUPER_ADMIN = 'super_admin'

/** Ends the mark of where they work, and the user when it was the last. */
export async function forgetPlace(t: Tx, userId: string): Promise<void> {
  await t.lock(User, [userId])
  const places = await t.db
    .selectFrom('userTenants')
    .select(['id', 'tenantId'])
    .where('userId', '=', userId)
    .execute()
  const here = places.find(({ tenantId }) => tenantId === t.tenantId)
  if (here) await t.repo(UserTenant).remove(here.id)
  const user = await t.repo(User).find(userId)
  if (user && !user.isOperator && places.every((place) => place === here)) await t.repo(User).remove(userId)
}

/** Whether they work in another tenant than this. */
export async function worksElsewhere(ctx: Ctx, userId: string): Promise<boolean> {
  const other = await ctx.db
    .selectFrom('userTenants')
    .select('id')
    .where('userId', '=', userId)
    .where('tenantId', '<>', ctx.tenantId)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}

async function findMembership(ctx: Ctx, userId: string): Promise<MembershipRow | null> {
  const row = await ctx.db
    .selectFrom('userMemberships')
    .select('id')
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row ? ctx.repo(Membership).find(row.id) : null
}

async function membershipId(ctx: Ctx, userId: string): Promise<string> {
  const row = await findMembership(ctx, userId)
  // The same answer for users of other tenants and for nobody.
  if (!row)
    return ctx
      .repo(Membership)
      .get(userId)
      .then(({ id }) => id)
  return row.id
}

/** The membership under its lock. Whoever changes it must hold what it holds. */
async function locked(t: Tx, userId: string): Promise<MembershipRow> {
  const id = await membershipId(t, userId)
  await t.lock(Membership, [...(await superAdmins(t)), id])
  const membership = await t.repo(Membership).get(id)
  mustHold(t, (await t.get(Roles).permissionsOf(t, membership.role)) ?? [])
  return membership
}

/** Called under the locks of all super admins: nobody else can take one away meanwhile. */
async function keepSuperAdmin(t: Tx, { id, role, active, userId }: MembershipRow): Promise<void> {
  if (role !== SUPER_ADMIN || !active) return
  const others = (await superAdmins(t)).filter((one) => one !== id)
  if (others.length === 0) throw memberErrors['auth.last_super_admin']({ userId })
}

async function superAdmins(t: Tx): Promise<readonly string[]> {
  const rows = await t.db
    .selectFrom('userMemberships')
    .select('id')
    .where('role', '=', SUPER_ADMIN)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
