import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Role } from '../role/role.entity.ts'
import { User } from '../user/user.entity.ts'

/** That a user works in a tenant, and as what. */
export const TenantMember = defineEntity(
  'tenantMembers',
  {
    userId: col.id().unique().filterable(),
    role: col.text(z.string().max(40)).filterable().sortable().index().describe('The key of the role'),
    roleId: col
      .ref(() => Role)
      .nullable()
      .describe('For a role of the tenant’s own'),
    active: col.boolean().default(true).filterable().describe('Whether they may work here'),
  },
  { live: { read: 'users:read' }, description: 'Who works in the tenant, and as what' },
)

/** A role of a user in a tenant, as queries see one. */
export interface TenantMemberRow extends RowOf<typeof TenantMember> {}

/** Where users work: what is looked at while no tenant is known yet. Follows the members. */
export const UserTenant = defineEntity(
  'userTenants',
  {
    userId: col.ref(() => User, { onDelete: 'cascade' }),
    tenantId: col.text(z.string().max(32)).index(),
  },
  {
    tenancy: { global: 'somebody signs in before it is known where they work' },
    indexes: [{ on: ['userId', 'tenantId'], unique: true }],
    description: 'Where users work',
  },
)
