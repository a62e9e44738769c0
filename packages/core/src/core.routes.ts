import { exportsRoutes } from './export/export.routes.ts'
import { fileRoutes } from './files/file.routes.ts'
import { importRoutes } from './import/import.routes.ts'
import { jobRoutes } from './job/job.routes.ts'
import { liveRoutes } from './live/live.routes.ts'
import { scheduleRoutes } from './schedule/schedule.routes.ts'
import { settingsRoutes } from './settings/settings.routes.ts'

/** Every endpoint of the core that is one for a tenant and an actor; those without stand in `systemEndpoints`. */
export const coreRoutes = {
  ...liveRoutes,
  ...settingsRoutes,
  ...importRoutes,
  ...fileRoutes,
  ...exportsRoutes,
  ...jobRoutes,
  ...scheduleRoutes,
}
