import {
  AuditTrails,
  Commands,
  definePlugin,
  provide,
  SubjectTraces,
  type Plugin,
  type ShapeOf,
} from '@clientele/core'
import { auditAdmin } from './audit.admin.ts'
import { AuditConfigured } from './audit.config.ts'
import { auditOptions, type AuditOptions } from './audit.options.ts'
import { AuditSettings } from './audit.settings.ts'
import type { AuditTables } from './audit.tables.ts'
import { AuditHead, AuditPending, AuditSeal } from './chain/chain.entity.ts'
import { checkpoint, checkpointSchedule } from './chain/checkpoint.jobs.ts'
import { removeOld, retentionSchedule } from './chain/retention.jobs.ts'
import { seal, sealSchedule } from './chain/seal.jobs.ts'
import { checkpointCommand, verifyCommand } from './chain/verify.command.ts'
import { AuditEntry, AuditSubject } from './entry/entry.entity.ts'
import { entryRoutes } from './entry/entry.routes.ts'
import { AuditTrail, createAuditTrail } from './entry/entry.service.ts'
import { eraseSubject } from './entry/erase-subject.ts'
import { recordChanges, recordNote } from './entry/record-changes.ts'
import { m0001Audit } from './migrations/0001-audit.ts'

const impl = definePlugin({
  id: 'audit',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  options: auditOptions,
  entities: [AuditEntry, AuditSubject, AuditSeal, AuditPending, AuditHead],
  migrations: { '0001-audit': m0001Audit },
  settings: [AuditSettings],
  permissions: {
    'audit:read': { label: 'See and export who did what', roles: ['admin'] },
    'audit:platform': { label: 'See and check what was done outside of any tenant', platform: true },
    'audit:verify': { label: 'Check that nobody has touched the audit trail', roles: ['admin'] },
  },
  services: (options) => [
    provide(AuditConfigured, { factory: () => options }),
    provide(AuditTrail, { factory: createAuditTrail }),
  ],
  routes: entryRoutes,
  changes: [recordChanges],
  jobs: [seal, checkpoint, removeOld],
  schedules: [sealSchedule, checkpointSchedule, retentionSchedule],
  contributes: [
    AuditTrails.add({ record: recordNote }),
    SubjectTraces.add({ erase: eraseSubject }),
    Commands.add(verifyCommand),
    Commands.add(checkpointCommand),
  ],
  admin: auditAdmin,
})

/** The plugin's routes as typed calls. */
export interface AuditApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface AuditShape {
  readonly id: 'audit'
  readonly tables: AuditTables
  readonly api: AuditApi
}

/** The audit trail: who did what, chained so that nobody changes it unseen, and still open to erasure. */
export const audit: ((options?: AuditOptions) => Plugin<AuditShape>) & { readonly pluginId: 'audit' } = impl
