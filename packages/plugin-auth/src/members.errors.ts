import { defineErrors } from '@clientele/core'

/** Errors of roles, members of tenants, keys, operators and tenants, each with what to do about it. */
export const memberErrors = defineErrors({
  'auth.unknown_role': {
    status: 422,
    title: 'Unknown role',
    detail: (p: { role: string; allowed: readonly string[] }) =>
      `There is no role "${p.role}"; the roles here are ${p.allowed.join(', ')}`,
  },
  'auth.unknown_permission': {
    status: 422,
    title: 'Unknown permission',
    detail: (p: { permission: string }) =>
      `No installed plugin declares the permission "${p.permission}"; GET /api/v1/admin/permissions lists them`,
  },
  'auth.beyond_own': {
    status: 403,
    title: 'More than you hold',
    detail: (p: { permission: string }) =>
      `Cannot pass on or change what holds "${p.permission}": you do not hold it yourself; ask somebody who does`,
  },
  'auth.last_operator': {
    status: 409,
    title: 'Last operator',
    detail: (p: { userId: string }) =>
      `Cannot let ${p.userId} be an operator no longer: nobody else is one whose address is proved; add somebody first`,
  },
  'auth.last_super_admin': {
    status: 409,
    title: 'Last super admin',
    detail: (p: { userId: string }) =>
      `Cannot take the role super_admin from user ${p.userId}: nobody else here has it; give it to somebody else first`,
  },
  'auth.role_taken': {
    status: 409,
    title: 'Role exists',
    detail: (p: { key: string }) => `Cannot make the role "${p.key}": there is one; choose another key`,
  },
  'auth.role_in_use': {
    status: 409,
    title: 'Role in use',
    detail: (p: { role: string; users: number; invitations: number }) =>
      `Cannot remove the role "${p.role}": ${p.users} users and ${p.invitations} open invitations have it; give them another first`,
  },
  'auth.shared_user': {
    status: 409,
    title: 'Works elsewhere too',
    detail: (p: { userId: string }) =>
      `Cannot rename user ${p.userId} here: they work in other tenants as well; they can do it themselves`,
  },
  'auth.already_member': {
    status: 409,
    title: 'Already a user here',
    detail: (p: { email: string }) =>
      `Cannot invite ${p.email}: they are a user here already; change their role instead`,
  },
  'auth.invitation_over': {
    status: 410,
    title: 'Invitation is over',
    detail: (p: { reason: 'accepted' | 'revoked' | 'expired' }) =>
      `This invitation was ${p.reason === 'expired' ? 'not accepted in time' : p.reason}; ask for another`,
  },
  'auth.invitation_unbacked': {
    status: 410,
    title: 'Inviter may not invite any more',
    detail: (p: { role: string }) =>
      `Cannot let you in by this invitation: whoever sent it may not give the role "${p.role}" any more; ask for another`,
  },
  'auth.unknown_invitation': {
    status: 404,
    title: 'Unknown invitation',
    detail: (_: {}) => 'There is no invitation of this token; copy the whole of it from the mail',
  },
  'auth.key_by_key': {
    status: 403,
    title: 'Only people make keys',
    detail: (_: {}) => 'An API key cannot make or change API keys; sign in as a user who may',
  },
  'auth.key_without_role': {
    status: 403,
    title: 'No role here',
    detail: (p: { tenantId: string }) =>
      `Cannot make an API key in "${p.tenantId}": a key permits what its maker may do there, and you have no role in it; sign in with an account that has one`,
  },
  'auth.tenant_taken': {
    status: 409,
    title: 'Tenant exists',
    detail: (p: { tenantId: string }) =>
      `Cannot make the tenant "${p.tenantId}": there is or was one of that id; ids are never used again`,
  },
  'auth.unknown_tenant': {
    status: 404,
    title: 'Unknown tenant',
    detail: (p: { tenantId: string }) =>
      `There is no tenant "${p.tenantId}"; GET /api/v1/operator/tenants lists those there are`,
  },
  'auth.tenant_suspended': {
    status: 403,
    title: 'Tenant is suspended',
    detail: (p: { tenantId: string }) =>
      `The tenant "${p.tenantId}" is suspended: nobody can work in it and its jobs wait; ask whoever runs this installation`,
  },
  'auth.tenant_going': {
    status: 403,
    title: 'Tenant is being deleted',
    detail: (p: { tenantId: string; at: string }) =>
      `The tenant "${p.tenantId}" is to be deleted from ${p.at} on; ask whoever runs this installation to keep it`,
  },
  'auth.tenant_state': {
    status: 409,
    title: 'Not in this state',
    detail: (p: { tenantId: string; state: string; action: string }) =>
      `Cannot ${p.action} the tenant "${p.tenantId}": it is ${p.state}`,
  },
  'auth.domain_taken': {
    status: 409,
    title: 'Domain is taken',
    detail: (p: { domain: string }) =>
      `Cannot use ${p.domain}: a tenant has proved to own it; remove it there first`,
  },
  'auth.domain_unproved': {
    status: 409,
    title: 'Not proved yet',
    detail: (p: { domain: string; record: string; value: string }) =>
      `Cannot use ${p.domain} yet: there is no TXT record ${p.record} that says "${p.value}"; add it, wait for your DNS, and verify again`,
  },
  'auth.dns_unavailable': {
    status: 503,
    title: 'DNS unavailable',
    detail: (p: { domain: string }) =>
      `Cannot look whether ${p.domain} is proved: the DNS does not answer this machine; try again later`,
  },
  'auth.wrong_setup_token': {
    status: 403,
    title: 'Wrong setup token',
    detail: (_: {}) =>
      'Cannot set up the first operator: this is not the token that was printed when the instance started',
  },
  'auth.quota_reached': {
    status: 403,
    title: 'Quota reached',
    detail: (p: { quota: string; limit: number }) =>
      `Cannot add more: this tenant may have ${p.limit} (${p.quota}); remove some, or ask for a larger plan`,
  },
})
