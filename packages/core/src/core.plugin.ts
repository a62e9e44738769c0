import { Audit, createAudit } from './audit/audit.ts'
import { bulkErrors } from './bulk/bulk.errors.ts'
import { provide } from './di/token.ts'
import { joinErrors } from './errors/clientele-error.ts'
import { coreErrors } from './errors/core.errors.ts'
import { createEventNames, EventNames } from './event/event-names.ts'
import { createExports } from './export/create-exports.ts'
import { ExportEntity } from './export/export.entity.ts'
import { exportErrors } from './export/export.errors.ts'
import { runExport } from './export/export.jobs.ts'
import { Exports } from './export/exports.ts'
import { m0007Exports } from './export/migrations/0007-exports.ts'
import { createFiles } from './files/create-files.ts'
import { FileChunk } from './files/file-chunk.entity.ts'
import { FileEntity } from './files/file.entity.ts'
import { filesErrors } from './files/files.errors.ts'
import { Files } from './files/files.ts'
import { m0003Files } from './files/migrations/0003-files.ts'
import { removeBytes } from './files/remove-bytes.jobs.ts'
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity.ts'
import { idempotencyErrors } from './idempotency/idempotency.errors.ts'
import { m0005Idempotency } from './idempotency/migrations/0005-idempotency.ts'
import { Import, ImportSlice } from './import/import.entity.ts'
import { importErrors } from './import/import.errors.ts'
import { importJobs } from './import/import.jobs.ts'
import { createImportedRows, ImportedRows } from './import/imported-rows.ts'
import { m0006Imports } from './import/migrations/0006-imports.ts'
import { JobEntity } from './job/job.entity.ts'
import { jobErrors } from './job/job.errors.ts'
import { m0002Jobs } from './job/migrations/0002-jobs.ts'
import { createKeys, Keys } from './keys/keys.ts'
import { createSecrets, Secrets } from './keys/secrets.ts'
import { limitsErrors } from './limits/limits.errors.ts'
import { m0008Limits } from './limits/migrations/0008-limits.ts'
import { createRateLimits, RateLimits } from './limits/rate-limits.ts'
import { RateWindow } from './limits/rate-window.entity.ts'
import { ChangeJournal } from './live/change-journal.entity.ts'
import { m0009Journal } from './live/migrations/0009-journal.ts'
import { createMailer } from './mail/create-mailer.ts'
import { mailErrors } from './mail/mail.errors.ts'
import { Mailer } from './mail/mailer.ts'
import { sendMail } from './mail/send-mail.jobs.ts'
import { maintenanceTasks } from './maintenance/maintenance.ts'
import { createMetrics } from './observe/create-metrics.ts'
import { Metrics } from './observe/metrics.ts'
import { observeErrors } from './observe/observe.errors.ts'
import { Composition, createComposition } from './plugin/composition.ts'
import { createPermissions, Permissions } from './plugin/permissions.ts'
import { definePlugin } from './plugin/plugin.ts'
import { FetchPort, guardedFetch } from './ports/fetch.ts'
import { fixedRates, Rates } from './ports/rates.ts'
import { m0004Schedules } from './schedule/migrations/0004-schedules.ts'
import { ScheduleEntity } from './schedule/schedule.entity.ts'
import { onZoneChange } from './schedule/zone-change.ts'
import { searchCompact } from './search/compact.jobs.ts'
import { m0010Search } from './search/migrations/0010-search.ts'
import { refreshSearch } from './search/refresh-search.ts'
import { searchReindex } from './search/reindex.jobs.ts'
import { SearchDocument, SearchState } from './search/search-document.entity.ts'
import { BrandSettings } from './settings/brand-settings.ts'
import { m0001Settings } from './settings/migrations/0001-settings.ts'
import { Setting } from './settings/setting.entity.ts'
import { TenantSettings } from './settings/settings.ts'
import { createKeyIndexes, KeyIndexes } from './storage/key-indexes.ts'
import { createSubjectRows, SubjectRows } from './subject/subject-rows.ts'
import { listedTenants } from './tenant/listed-tenants.ts'
import { createTenantContexts, TenantContexts } from './tenant/tenant-contexts.ts'
import { TenantDirectory } from './tenant/tenant-directory.ts'
import { createTenantRows, TenantRows } from './tenant/tenant-rows.ts'
import { coreRoutes } from './core.routes.ts'
import { CORE_VERSION } from './version.ts'

/** The core's own features, declared as any plugin declares its own. */
export const corePlugin = definePlugin({
  id: 'core',
  version: CORE_VERSION,
  requires: { core: '*' },
  entities: [
    Setting,
    JobEntity,
    FileEntity,
    FileChunk,
    ExportEntity,
    ScheduleEntity,
    SearchDocument,
    SearchState,
    ChangeJournal,
    IdempotencyKeyEntity,
    RateWindow,
    Import,
    ImportSlice,
  ],
  migrations: {
    '0001-settings': m0001Settings,
    '0002-jobs': m0002Jobs,
    '0003-files': m0003Files,
    '0004-schedules': m0004Schedules,
    '0005-idempotency': m0005Idempotency,
    '0006-imports': m0006Imports,
    '0007-exports': m0007Exports,
    '0008-limits': m0008Limits,
    '0009-journal': m0009Journal,
    '0010-search': m0010Search,
  },
  settings: [TenantSettings, BrandSettings],
  permissions: {
    'settings:read': { label: 'See settings', roles: ['admin', 'editor', 'viewer'] },
    'system:read': {
      label: 'See how the whole installation does: metrics, health, all tenants together',
      platform: true,
    },
    'settings:write': { label: 'Change settings', roles: ['admin'] },
    'files:read': { label: 'See and download uploaded files', roles: ['admin', 'editor'] },
    'files:write': { label: 'Upload and remove files', roles: ['admin', 'editor'] },
    'jobs:read': { label: 'See jobs', roles: ['admin', 'editor'] },
    'jobs:write': { label: 'Cancel, retry and remove jobs', roles: ['admin'] },
    'schedules:read': { label: 'See schedules', roles: ['admin', 'editor'] },
    'schedules:write': { label: 'Run schedules now', roles: ['admin'] },
  },
  errors: joinErrors(
    coreErrors,
    bulkErrors,
    filesErrors,
    exportErrors,
    observeErrors,
    jobErrors,
    importErrors,
    idempotencyErrors,
    limitsErrors,
    mailErrors,
  ),
  services: () => [
    // An instance puts its own in this one's place: it counts before there are services.
    provide(Metrics, { factory: createMetrics }),
    provide(RateLimits, { factory: createRateLimits }),
    provide(Rates, { factory: () => fixedRates() }),
    provide(TenantDirectory, { factory: listedTenants }),
    provide(Permissions, { factory: createPermissions }),
    provide(Composition, { factory: createComposition }),
    provide(TenantRows, { factory: createTenantRows }),
    provide(TenantContexts, { factory: createTenantContexts }),
    provide(Secrets, { factory: createSecrets }),
    provide(Keys, { factory: createKeys }),
    provide(EventNames, { factory: createEventNames }),
    provide(KeyIndexes, { factory: createKeyIndexes }),
    provide(SubjectRows, { factory: createSubjectRows }),
    provide(ImportedRows, { factory: createImportedRows }),
    provide(Files, { factory: createFiles }),
    provide(Exports, { factory: createExports }),
    provide(Audit, { factory: createAudit }),
    provide(Mailer, { factory: createMailer }),
    provide(FetchPort, { factory: () => guardedFetch(), dispose: (fetch) => fetch.close() }),
  ],
  changes: [onZoneChange],
  jobs: [
    removeBytes,
    runExport,
    sendMail,
    searchReindex,
    searchCompact,
    ...maintenanceTasks.map(({ handler }) => handler),
    ...importJobs,
  ],
  schedules: maintenanceTasks.map(({ schedule }) => schedule),
  routes: coreRoutes,
  start: refreshSearch,
})
