import { Authenticators, InsertLimits, provide, TenantDirectories } from '@clientele/core'
import { Access } from './access/access.service.ts'
import { apiKeyAuthenticator } from './api-key/api-key.authenticator.ts'
import { ApiKey } from './api-key/api-key.entity.ts'
import { apiKeyRoutes } from './api-key/api-key.routes.ts'
import { ApiKeys, createApiKeysService } from './api-key/api-key.service.ts'
import { Invitation } from './invitation/invitation.entity.ts'
import { invitationRoutes } from './invitation/invitation.routes.ts'
import { createInvitationsService, Invitations } from './invitation/invitation.service.ts'
import { createAccess } from './member/access.ts'
import { memberSessionRoutes } from './member/member-sessions.routes.ts'
import { memberRoutes } from './member/member.routes.ts'
import { TenantMember, UserTenant } from './member/member.entity.ts'
import { createTenantMembersService, TenantMembers } from './member/member.service.ts'
import { operatorRoutes } from './operator/operator.routes.ts'
import { createOperatorsService, Operators } from './operator/operator.service.ts'
import { Setup } from './operator/setup.entity.ts'
import { setupRoutes } from './operator/setup.routes.ts'
import { createSetupService, Setups } from './operator/setup.service.ts'
import { Role } from './role/role.entity.ts'
import { roleRoutes } from './role/role.routes.ts'
import { createRolesService, Roles } from './role/role.service.ts'
import { deleteTenant } from './tenant/delete-tenant.ts'
import { Dns, dnsPort } from './tenant/dns.ts'
import { domainRoutes } from './tenant/domain.routes.ts'
import { createDomainsService, Domains } from './tenant/domain.service.ts'
import { exportTenant } from './tenant/export-tenant.ts'
import { proveDomains, proveDomainsSchedule } from './tenant/prove-domains.jobs.ts'
import { tenantDirectory } from './tenant/tenant-directory.ts'
import { Tenant, TenantDomain, TenantExport } from './tenant/tenant.entity.ts'
import { tenantRoutes } from './tenant/tenant.routes.ts'
import { createTenantsService, Tenants } from './tenant/tenant.service.ts'
import { createUsageService, customerLimit, eventLimit, Usage } from './tenant/usage.ts'

/** What the plugin knows of roles, keys, operators and tenants. */
export const members = {
  entities: [
    Role,
    TenantMember,
    UserTenant,
    Invitation,
    ApiKey,
    Tenant,
    TenantDomain,
    TenantExport,
    Setup,
  ] as const,
  services: [
    provide(Access, { factory: createAccess }),
    provide(Roles, { factory: createRolesService }),
    provide(TenantMembers, { factory: createTenantMembersService }),
    provide(Invitations, { factory: createInvitationsService }),
    provide(ApiKeys, { factory: createApiKeysService }),
    provide(Tenants, { factory: createTenantsService }),
    provide(Usage, { factory: createUsageService }),
    provide(Domains, { factory: createDomainsService }),
    provide(Dns, { factory: () => dnsPort() }),
    provide(Setups, { factory: createSetupService }),
    provide(Operators, { factory: createOperatorsService }),
  ],
  routes: {
    ...roleRoutes,
    ...memberRoutes,
    ...memberSessionRoutes,
    ...invitationRoutes,
    ...apiKeyRoutes,
    ...domainRoutes,
    ...tenantRoutes,
    ...setupRoutes,
    ...operatorRoutes,
  },
  jobs: [deleteTenant, exportTenant, proveDomains],
  schedules: [proveDomainsSchedule],
  contributes: [
    Authenticators.add(apiKeyAuthenticator),
    TenantDirectories.add(tenantDirectory),
    InsertLimits.add(customerLimit),
    InsertLimits.add(eventLimit),
  ],
}
