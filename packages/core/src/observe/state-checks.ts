import type { MigrationStatus } from '../migration/migrator.ts'
import { fail, ok, warn, type Check } from './check.ts'
import type { QueueState } from './queue-state.ts'

const SLOW_ANSWER = 1000
const MUCH_SKEW = 5000
const LATE = 60_000

export function databaseCheck(latencyMs: number): Check {
  const message = `The database answers in ${latencyMs} ms`
  return latencyMs < SLOW_ANSWER
    ? ok('database', message)
    : warn('database', message, 'Look at the load of its machine and the way to it')
}

export function clockCheck(skewMs: number): Check {
  const message = `This machine's clock and the database's are ${Math.abs(skewMs)} ms apart`
  // Our own times are the database's; mails, tokens and logs of the host are not.
  return Math.abs(skewMs) < MUCH_SKEW ? ok('clock', message) : warn('clock', message, 'Set both by NTP')
}

export function migrationsCheck({ pending, orphans, applied }: MigrationStatus): Check {
  const list = (of: MigrationStatus['pending']): string =>
    of.map(({ plugin, name }) => `${plugin}/${name}`).join(', ')
  if (pending.length > 0)
    return fail(
      'migrations',
      `Not yet run: ${list(pending)}`,
      'Run clientele migrate up, or start the application',
    )
  if (orphans.length > 0)
    return warn(
      'migrations',
      `Run, and of no installed plugin or version: ${list(orphans)}`,
      'Install the plugin again, or leave its tables until you are sure',
    )
  return ok('migrations', `All ${applied.length} have run`)
}

export function queueChecks({ jobs, oldestReadyMs, schedules }: QueueState): Check[] {
  const dead = jobs['dead'] ?? 0
  const minutes = Math.round(oldestReadyMs / 60_000)
  return [
    dead === 0
      ? ok('dead jobs', 'None')
      : warn(
          'dead jobs',
          `${dead} failed for good`,
          'Look at lastError in the list of jobs; run them again or discard them',
        ),
    oldestReadyMs < LATE
      ? ok(
          'queue',
          `${jobs['ready'] ?? 0} ready, ${jobs['running'] ?? 0} running, ${jobs['waiting'] ?? 0} waiting`,
        )
      : warn(
          'queue',
          `A job has been ready for ${minutes} minutes`,
          'Start a worker: clientele worker, or cdp.start()',
        ),
    schedules.lagMs < LATE
      ? ok('schedules', schedules.known === 0 ? 'None' : `${schedules.known}, none late`)
      : warn(
          'schedules',
          `${schedules.overdue} are late, one by ${Math.round(schedules.lagMs / 60_000)} minutes`,
          'Start a worker: clientele worker, or cdp.start()',
        ),
  ]
}
