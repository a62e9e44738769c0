import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { Audit } from './audit/audit.entity.ts'
import { auditJobs } from './audit/audit.jobs.ts'
import { auditRoutes } from './audit/audit.routes.ts'
import { Audits, createAuditsService } from './audit/audit.service.ts'
import { m0001Audit } from './migrations/0001-audit.ts'
import { auditErrors } from './audit.errors.ts'
import { auditOptions, type AuditOptions } from './audit.options.ts'
import type { AuditTables } from './audit.tables.ts'

const impl = definePlugin({
  id: 'audit',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  options: auditOptions,
  entities: [Audit],
  migrations: { '0001-audit': m0001Audit },
  permissions: {
    'audit:read': { label: 'See audits', roles: ['admin', 'editor', 'viewer'] },
    'audit:write': { label: 'Change audits', roles: ['admin', 'editor'] },
  },
  errors: auditErrors,
  services: (options) => [provide(Audits, { factory: () => createAuditsService(options) })],
  routes: auditRoutes,
  jobs: auditJobs,
})

/** The plugin's routes as typed calls. */
export interface AuditApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AuditShape {
  readonly id: 'audit'
  readonly tables: AuditTables
  readonly api: AuditApi
}

/** Audits, which can be closed and go some days later. */
export const audit: ((options?: AuditOptions) => Plugin<AuditShape>) & { readonly pluginId: 'audit' } = impl
