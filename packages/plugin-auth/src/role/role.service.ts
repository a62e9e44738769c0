import { defineService, Permissions, type Ctx, type Tx, type WriteOptions } from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { BUILTIN_ROLES, isBuiltinRole, permissionsOfBuiltin } from './builtin-roles.ts'
import { Role, type RoleRow } from './role.entity.ts'

/** A role as people see one, built in or the tenant's own. */
export interface RoleShown {
  /** Null for a built-in one. */
  readonly id: string | null
  readonly key: string
  /** Of a built-in role its key: words for people are the catalogue's. */
  readonly name: string
  readonly description: string
  readonly builtin: boolean
  readonly permissions: readonly string[]
}

/** What a new role is made of. */
export interface NewRole {
  readonly key: string
  readonly name: string
  readonly description?: string | undefined
  readonly permissions: readonly string[]
}

/** What of a role is to be another; what is left out stays. */
export type RoleChanges = {
  readonly [F in 'name' | 'description' | 'permissions']?: NewRole[F] | undefined
}

/** The roles of a tenant. Who changes one must hold all that it holds, before and after. */
export interface RolesService {
  /** The built-in ones first. */
  list(ctx: Ctx): Promise<readonly RoleShown[]>
  /** What a role permits now; null when there is no such role. */
  permissionsOf(ctx: Ctx, key: string): Promise<ReadonlySet<string> | null>
  /** @throws `auth.unknown_role` */
  resolve(
    ctx: Ctx,
    key: string,
  ): Promise<{ readonly roleId: string | null; readonly permissions: ReadonlySet<string> }>
  /** @throws `auth.role_taken`, `auth.unknown_permission`, `auth.beyond_own` */
  create(t: Tx, role: NewRole): Promise<RoleRow>
  /** @throws `entity.not_found`, `auth.unknown_permission`, `auth.beyond_own` */
  update(t: Tx, id: string, changes: RoleChanges, options?: WriteOptions): Promise<RoleRow>
  /** @throws `entity.not_found`, `auth.role_in_use`, `auth.beyond_own` */
  remove(t: Tx, id: string, options?: WriteOptions): Promise<void>
}

/** The service: `ctx.get(Roles)`. */
export const Roles = defineService<RolesService>('auth.roles')

export function createRolesService(): RolesService {
  const find = async (ctx: Ctx, key: string): Promise<Pick<RoleRow, 'id' | 'permissions'> | null> =>
    (await ctx.db
      .selectFrom('roles')
      .select(['id', 'permissions'])
      .where('key', '=', key)
      .executeTakeFirst()) ?? null
  const resolve: RolesService['resolve'] = async (ctx, key) => {
    const known = ctx.get(Permissions).list(ctx)
    if (isBuiltinRole(key)) return { roleId: null, permissions: permissionsOfBuiltin(key, known) }
    const role = await find(ctx, key)
    if (!role) throw await unknownRole(ctx, key)
    return { roleId: role.id, permissions: grantable(ctx, role.permissions) }
  }
  return {
    resolve,
    async list(ctx) {
      const known = ctx.get(Permissions).list(ctx)
      const builtin = BUILTIN_ROLES.map((key) => ({
        id: null,
        key,
        name: key,
        description: '',
        builtin: true,
        permissions: [...permissionsOfBuiltin(key, known)],
      }))
      const own = await ctx.db
        .selectFrom('roles')
        .select(['id', 'key', 'name', 'description', 'permissions'])
        .orderBy('key')
        .limit(MOST_ROLES)
        .execute()
      return [...builtin, ...own.map((role) => ({ ...role, builtin: false }))]
    },
    async permissionsOf(ctx, key) {
      if (isBuiltinRole(key)) return permissionsOfBuiltin(key, ctx.get(Permissions).list(ctx))
      const role = await find(ctx, key)
      return role && grantable(ctx, role.permissions)
    },
    async create(t, { key, name, description = '', permissions }) {
      if (isBuiltinRole(key) || (await find(t, key))) throw memberErrors['auth.role_taken']({ key })
      checkPermissions(t, permissions)
      return t.repo(Role).insert({ key, name, description, permissions: [...new Set(permissions)] })
    },
    async update(t, id, changes, options) {
      await t.lock(Role, [id])
      const before = await t.repo(Role).get(id)
      mustHold(t, grantable(t, before.permissions))
      const { permissions, ...rest } = changes
      if (permissions) checkPermissions(t, permissions)
      const patch = permissions ? { ...rest, permissions: [...new Set(permissions)] } : rest
      return t.repo(Role).patch(id, patch, options)
    },
    async remove(t, id, options) {
      await t.lock(Role, [id])
      const { key, permissions } = await t.repo(Role).get(id)
      mustHold(t, grantable(t, permissions))
      const users = await countOf(t, 'tenantMembers', id)
      const invitations = await countOf(t, 'invitations', id)
      if (users + invitations > 0) throw memberErrors['auth.role_in_use']({ role: key, users, invitations })
      await letGo(t, id)
      await t.repo(Role).remove(id, options)
    },
  }
}

/** More are not listed. */
const MOST_ROLES = 1000

/**
 * Refuses to hand on what one does not hold.
 * @throws `auth.beyond_own`
 */
export function mustHold(ctx: Ctx, permissions: Iterable<string>): void {
  for (const permission of permissions) {
    if (!ctx.can(permission)) throw memberErrors['auth.beyond_own']({ permission })
  }
}

/** Known ones that a tenant may hold, and that whoever asks holds too. */
export function checkPermissions(ctx: Ctx, permissions: readonly string[]): void {
  const known = grantable(ctx, permissions)
  const unknown = permissions.find((one) => !known.has(one))
  if (unknown !== undefined)
    throw memberErrors['auth.unknown_permission']({ permission: unknown.slice(0, 100) })
  mustHold(ctx, permissions)
}

/** Without those of plugins that are gone, and those that only an operator may hold. */
function grantable(ctx: Ctx, permissions: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(permissions)
  const known = ctx.get(Permissions).list(ctx)
  return new Set(known.filter(({ key, platform }) => !platform && wanted.has(key)).map(({ key }) => key))
}

async function unknownRole(ctx: Ctx, role: string): Promise<Error> {
  const own = await ctx.db.selectFrom('roles').select('key').orderBy('key').limit(50).execute()
  const allowed = [...BUILTIN_ROLES, ...own.map(({ key }) => key)]
  return memberErrors['auth.unknown_role']({ role: role.slice(0, 100), allowed })
}

/** An invitation that is over keeps the role's key, and holds the role no longer. */
async function letGo(t: Tx, roleId: string): Promise<void> {
  await t.projection('an invitation that is over is not changed by what becomes of its role', (db) =>
    db.updateTable('invitations').set({ roleId: null }).where('roleId', '=', roleId).execute(),
  )
}

async function countOf(t: Tx, table: 'tenantMembers' | 'invitations', roleId: string): Promise<number> {
  const rows = t.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('roleId', '=', roleId)
  const open = table === 'invitations' ? rows.where('state', '=', 'open') : rows
  return (await open.executeTakeFirst())?.n ?? 0
}
