import { defineService, type Ctx, type Tx, type WriteOptions } from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { mustHold, Roles } from '../role/role.service.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { TenantMember, UserTenant, type TenantMemberRow } from './member.entity.ts'

/** A user as the tenant they work in sees them. */
export interface Member {
  readonly user: UserRow
  readonly member: TenantMemberRow
}

/**
 * Who works in the tenant. Everything acts with the next request, on every node: what somebody may do is looked up each
 * time. The last active super admin of a tenant stays one, however many try at once to end that.
 */
export interface TenantMembersService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, userId: string): Promise<Member>
  /**
   * Lets a user work here; one who does gets the role.
   * @throws `auth.unknown_role`, `auth.beyond_own`, `auth.last_super_admin`
   */
  add(t: Tx, userId: string, role: string): Promise<TenantMemberRow>
  /** @throws `entity.not_found`, `auth.unknown_role`, `auth.beyond_own`, `auth.last_super_admin` */
  setRole(t: Tx, userId: string, role: string, options?: WriteOptions): Promise<TenantMemberRow>
  /** @throws `entity.not_found`, `auth.beyond_own`, `auth.last_super_admin` */
  setActive(t: Tx, userId: string, active: boolean, options?: WriteOptions): Promise<TenantMemberRow>
  /**
   * Ends that they work here; whoever works nowhere then is deleted altogether.
   * @throws `entity.not_found`, `auth.beyond_own`, `auth.last_super_admin`
   */
  remove(t: Tx, userId: string, options?: WriteOptions): Promise<void>
}

/** The service: `ctx.get(TenantMembers)`. */
export const TenantMembers = defineService<TenantMembersService>('auth.tenant-members')

export function createTenantMembersService(): TenantMembersService {
  return {
    async get(ctx, userId) {
      const member = await ctx.repo(TenantMember).get(await memberId(ctx, userId))
      return { member, user: await ctx.repo(User).get(userId) }
    },
    async add(t, userId, role) {
      const { roleId, permissions } = await t.get(Roles).resolve(t, role)
      mustHold(t, permissions)
      const known = await findMember(t, userId)
      if (known) return this.setRole(t, userId, role)
      await t.repo(UserTenant).insert({ userId, tenantId: t.tenantId })
      return t.repo(TenantMember).insert({ userId, role, roleId })
    },
    async setRole(t, userId, role, options) {
      const before = await locked(t, userId)
      const { roleId, permissions } = await t.get(Roles).resolve(t, role)
      mustHold(t, permissions)
      if (role !== SUPER_ADMIN) await keepSuperAdmin(t, before)
      return t.repo(TenantMember).patch(before.id, { role, roleId }, options)
    },
    async setActive(t, userId, active, options) {
      const before = await locked(t, userId)
      if (!active) await keepSuperAdmin(t, before)
      return t.repo(TenantMember).patch(before.id, { active }, options)
    },
    async remove(t, userId, options) {
      const before = await locked(t, userId)
      await keepSuperAdmin(t, before)
      await t.repo(TenantMember).remove(before.id, options)
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

async function findMember(ctx: Ctx, userId: string): Promise<TenantMemberRow | null> {
  const row = await ctx.db
    .selectFrom('tenantMembers')
    .select('id')
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row ? ctx.repo(TenantMember).find(row.id) : null
}

async function memberId(ctx: Ctx, userId: string): Promise<string> {
  const row = await findMember(ctx, userId)
  // The same answer for users of other tenants and for nobody.
  if (!row)
    return ctx
      .repo(TenantMember)
      .get(userId)
      .then(({ id }) => id)
  return row.id
}

/** The member under its lock. Whoever changes it must hold what it holds. */
async function locked(t: Tx, userId: string): Promise<TenantMemberRow> {
  const id = await memberId(t, userId)
  await t.lock(TenantMember, [...(await superAdmins(t)), id])
  const member = await t.repo(TenantMember).get(id)
  mustHold(t, (await t.get(Roles).permissionsOf(t, member.role)) ?? [])
  return member
}

/** Called under the locks of all super admins: nobody else can take one away meanwhile. */
async function keepSuperAdmin(t: Tx, { id, role, active, userId }: TenantMemberRow): Promise<void> {
  if (role !== SUPER_ADMIN || !active) return
  const others = (await superAdmins(t)).filter((one) => one !== id)
  if (others.length === 0) throw memberErrors['auth.last_super_admin']({ userId })
}

async function superAdmins(t: Tx): Promise<readonly string[]> {
  const rows = await t.db
    .selectFrom('tenantMembers')
    .select('id')
    .where('role', '=', SUPER_ADMIN)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
