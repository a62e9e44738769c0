import { provide } from './di/token.ts'
import { coreRoutes } from './core.routes.ts'
import { coreErrors } from './errors/core.errors.ts'
import { joinErrors } from './errors/clientele-error.ts'
import { JobEntity } from './job/job.entity.ts'
import { jobErrors } from './job/job.errors.ts'
import { m0002Jobs } from './job/migrations/0002-jobs.ts'
import { ChangeJournal } from './live/change-journal.entity.ts'
import { m0009Journal } from './live/migrations/0009-journal.ts'
import { definePlugin } from './plugin/plugin.ts'
import { FetchPort, guardedFetch } from './ports/fetch.ts'
import { fixedRates, Rates } from './ports/rates.ts'
import { m0001Settings } from './settings/migrations/0001-settings.ts'
import { m0004Schedules } from './schedule/migrations/0004-schedules.ts'
import { ScheduleEntity } from './schedule/schedule.entity.ts'
import { onZoneChange } from './schedule/zone-change.ts'
import { Setting } from './settings/setting.entity.ts'
import { TenantSettings } from './settings/settings.ts'
import { createSubjectRows, SubjectRows } from './subject/subject-rows.ts'
import { listedTenants } from './tenant/listed-tenants.ts'
import { TenantDirectory } from './tenant/tenant-directory.ts'
import { CORE_VERSION } from './version.ts'

/** The core's own features, declared as any plugin declares its own. */
export const corePlugin = definePlugin({
  id: 'core',
  version: CORE_VERSION,
  requires: { core: '*' },
  entities: [ChangeJournal, Setting, JobEntity, ScheduleEntity],
  migrations: {
    '0001-settings': m0001Settings,
    '0002-jobs': m0002Jobs,
    '0009-journal': m0009Journal,
    '0004-schedules': m0004Schedules,
  },
  settings: [TenantSettings],
  permissions: {
    'settings:read': { label: 'See settings', roles: ['admin', 'editor', 'viewer'] },
    'settings:write': { label: 'Change settings', roles: ['admin'] },
    'jobs:read': { label: 'See jobs', roles: ['admin', 'editor'] },
    'jobs:write': { label: 'Cancel, retry and remove jobs', roles: ['admin'] },
    'schedules:read': { label: 'See schedules', roles: ['admin', 'editor'] },
    'schedules:write': { label: 'Run schedules now', roles: ['admin'] },
  },
  errors: joinErrors(coreErrors, jobErrors),
  services: () => [
    provide(Rates, { factory: () => fixedRates() }),
    provide(TenantDirectory, { factory: listedTenants }),
    provide(SubjectRows, { factory: createSubjectRows }),
    provide(FetchPort, { factory: () => guardedFetch(), dispose: (fetch) => fetch.close() }),
  ],
  changes: [onZoneChange],
  routes: coreRoutes,
})
