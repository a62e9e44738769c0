import { removeExpiredExports } from '../export/export-upkeep.ts'
import { removeExpiredFiles, removeOrphanBytes } from '../files/file-upkeep.ts'
import { purgeIdempotencyKeys } from '../idempotency/purge-keys.ts'
import { purgeRateWindows } from '../limits/rate-windows.ts'
import { purgeJournal } from '../live/keep-journal.ts'
import { instanceTask, tenantTask, type MaintenanceTask } from './maintenance-task.ts'
import { purgeRemovedRows } from './purge-removed-rows.ts'
import { removeDeadJobs, removeForgottenSchedules } from './remove-leftovers.ts'

/** What the core does for itself every day, in the small hours of UTC. */
export const maintenanceTasks: readonly MaintenanceTask[] = [
  tenantTask(
    { name: 'core.purgeRemovedRows', cron: '5 2 * * *', done: 'rows removed 30 days ago are gone for good' },
    purgeRemovedRows,
  ),
  tenantTask(
    {
      name: 'core.removeExpiredFiles',
      cron: '25 2 * * *',
      done: 'expired exports and files and bytes of no file removed',
    },
    async (ctx) =>
      (await removeExpiredExports(ctx)) + (await removeExpiredFiles(ctx)) + (await removeOrphanBytes(ctx)),
  ),
  tenantTask(
    { name: 'core.removeIdempotencyKeys', cron: '45 * * * *', done: 'expired idempotency keys removed' },
    ({ tenantId, signal }, runtime) => purgeIdempotencyKeys(runtime, { tenantId, signal }),
  ),
  instanceTask(
    { name: 'core.removeRateWindows', cron: '55 * * * *', done: 'rate windows that are over removed' },
    (runtime, { signal }) => purgeRateWindows(runtime, signal),
  ),
  instanceTask(
    { name: 'core.trimJournal', cron: '15 * * * *', done: 'journal of changes trimmed' },
    (runtime, { signal }) => purgeJournal(runtime, signal),
  ),
  instanceTask(
    { name: 'core.removeDeadJobs', cron: '5 3 * * *', done: 'jobs that died 30 days ago removed' },
    removeDeadJobs,
  ),
  instanceTask(
    {
      name: 'core.removeForgottenSchedules',
      cron: '15 3 * * *',
      done: 'schedules that no code knows removed',
    },
    removeForgottenSchedules,
  ),
  instanceTask(
    { name: 'core.refreshStatistics', cron: '35 3 * * *', done: 'statistics of the planner renewed' },
    async ({ storage }) => {
      // A database with several writers keeps its own statistics; SQLite has them only from here and from bulk loads.
      if (storage.capabilities.concurrentWriters) return 0
      await storage.analyze()
      return 1
    },
  ),
]
