import { provide } from './di/token.ts'
import { coreRoutes } from './core.routes.ts'
import { coreErrors } from './errors/core.errors.ts'
import { joinErrors } from './errors/clientele-error.ts'
import { JobEntity } from './job/job.entity.ts'
import { m0002Jobs } from './job/migrations/0002-jobs.ts'
import { definePlugin } from './plugin/plugin.ts'
import { FetchPort, guardedFetch } from './ports/fetch.ts'
import { fixedRates, Rates } from './ports/rates.ts'
import { m0001Settings } from './settings/migrations/0001-settings.ts'
import { Setting } from './settings/setting.entity.ts'
import { TenantSettings } from './settings/settings.ts'
import { createSubjectRows, SubjectRows } from './subject/subject-rows.ts'
import { CORE_VERSION } from './version.ts'

/** The core's own features, declared as any plugin declares its own. */
export const corePlugin = definePlugin({
  id: 'core',
  version: CORE_VERSION,
  requires: { core: '*' },
  entities: [Setting, JobEntity],
  migrations: { '0001-settings': m0001Settings, '0002-jobs': m0002Jobs },
  settings: [TenantSettings],
  permissions: {
    'settings:read': { label: 'See settings', roles: ['admin', 'editor', 'viewer'] },
    'settings:write': { label: 'Change settings', roles: ['admin'] },
  },
  errors: joinErrors(coreErrors),
  services: () => [
    provide(Rates, { factory: () => fixedRates() }),
    provide(SubjectRows, { factory: createSubjectRows }),
    provide(FetchPort, { factory: () => guardedFetch(), dispose: (fetch) => fetch.close() }),
  ],
  routes: coreRoutes,
})
