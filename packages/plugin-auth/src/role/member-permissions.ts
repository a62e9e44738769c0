/** What may be allowed of users, roles, keys and tenants. Nobody but a super admin holds what names no role. */
export const memberPermissions = {
  'users:read': { label: 'See users, roles and invitations', roles: ['admin'] },
  'users:write': { label: 'Invite users, switch them off and on, end their sessions', roles: ['admin'] },
  'users:grant': { label: 'Change the roles of users' },
  'users:delete': { label: 'Delete users' },
  'roles:write': { label: 'Make and change roles, of permissions one holds', roles: ['admin'] },
  'api-keys:read': { label: 'See API keys, never their secrets', roles: ['admin'] },
  'api-keys:write': { label: 'Make and revoke API keys', roles: ['admin'] },
  'domains:read': { label: 'See the tenant’s domains', roles: ['admin'] },
  'domains:write': { label: 'Add, prove and remove the tenant’s domains', roles: ['admin'] },
  'operators:manage': { label: 'See, add and remove operators', platform: true },
  'tenants:manage': {
    label: 'Create, suspend, export and delete tenants',
    platform: true,
  },
} as const
