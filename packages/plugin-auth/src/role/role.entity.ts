import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** Words with underscores, as the built-in ones: `stock_keeper`. */
export const roleKey = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and underscores, and begin with a letter')

/** At most so many permissions in a role or key. */
export const permissionList = z.array(z.string().min(1).max(200)).max(1000)

/** A role of the tenant's own, beside the built-in ones. */
export const Role = defineEntity(
  'roles',
  {
    key: col.text(roleKey).unique().filterable().sortable(),
    name: col.text(z.string().min(1).max(100)).sortable(),
    description: col.text(z.string().max(1000)).default(''),
    permissions: col.json(permissionList),
  },
  { label: 'name', live: { read: 'users:read' }, description: 'Roles of the tenant’s own' },
)

/** A role of the tenant’s own, as queries see one. */
export interface RoleRow extends RowOf<typeof Role> {}
