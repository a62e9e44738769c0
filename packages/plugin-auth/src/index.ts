export { Access, type AccessService, type TenantAccess } from './access/access.service.ts'
export { authErrors } from './auth.errors.ts'
export type { AuthOptions } from './auth.options.ts'
export { auth, type AuthApi, type AuthShape } from './auth.plugin.ts'
export type { AuthTables } from './auth.tables.ts'
export { memberErrors } from './members.errors.ts'
export { TenantMembers, type Member, type TenantMembersService } from './member/member.service.ts'
export { TenantMember, type TenantMemberRow } from './member/member.entity.ts'
export { Operators, type NewOperator, type OperatorsService } from './operator/operator.service.ts'
export { Setups, type FirstOperator, type SetupService } from './operator/setup.service.ts'
export { Passwords, type PasswordCheck } from './password/password.service.ts'
export { Session, type SessionRow } from './session/session.entity.ts'
export {
  Sessions,
  type Device,
  type HeldSession,
  type LiveSession,
  type SessionsService,
} from './session/session.service.ts'
export { SignIn, type BearerTokens, type CookieSession, type SignInService } from './token/sign-in.service.ts'
export {
  LOCALES,
  User,
  type Locale,
  type NewUser,
  type UserChanges,
  type UserRow,
} from './user/user.entity.ts'
export { Users, type ProvedPerson, type UsersService } from './user/users.service.ts'
export { Accounts, type AccountsService, type AskedCode, type CodeAnswer } from './user/account.service.ts'
export { ApiKey, type ApiKeyRow } from './api-key/api-key.entity.ts'
export {
  ApiKeys,
  type ApiKeysService,
  type ApiKeyWithText,
  type NewApiKey,
} from './api-key/api-key.service.ts'
export { AuthSettings } from './auth.settings.ts'
export { KnownDevice, type KnownDeviceRow } from './device/known-device.entity.ts'
export { Invitation, type InvitationRow } from './invitation/invitation.entity.ts'
export {
  Invitations,
  type AcceptedInvitation,
  type InvitationsService,
  type NewInvitation,
} from './invitation/invitation.service.ts'
export { BUILTIN_ROLES, type BuiltinRole } from './role/builtin-roles.ts'
export { Role, type RoleRow } from './role/role.entity.ts'
export {
  Roles,
  type NewRole,
  type RoleChanges,
  type RolesService,
  type RoleShown,
} from './role/role.service.ts'
export { Dns, dnsPort, type DnsPort } from './tenant/dns.ts'
export { Domains, type DomainShown, type DomainsService } from './tenant/domain.service.ts'
export {
  Tenant,
  TenantDomain,
  TenantExport,
  type Quotas,
  type TenantDomainRow,
  type TenantExportRow,
  type TenantRow,
} from './tenant/tenant.entity.ts'
export { Tenants, type NewTenant, type QuotaChanges, type TenantsService } from './tenant/tenant.service.ts'
