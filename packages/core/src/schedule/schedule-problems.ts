import type { Registry } from '../plugin/registry.ts'
import { cronOf } from './cron.ts'
import { SCHEDULE_NAME } from './schedule-name.ts'
import type { Schedule } from './schedule.ts'
import { zoneTime } from './zone-time.ts'

/** What is wrong with the plugins' schedules. That names are unique is seen to where they are collected. */
export function scheduleProblems({ plugins }: Pick<Registry, 'plugins'>): string[] {
  return plugins.flatMap(({ id, plugin }) => {
    const { schedules = [], jobs = [] } = plugin.definition
    const own = new Set(jobs.map(({ job }) => job))
    return schedules.flatMap((schedule) => {
      const of = `plugin "${id}": schedule "${schedule.name}"`
      const problems = [...timeProblems(schedule), ...inputProblems(schedule)]
      if (!SCHEDULE_NAME.test(schedule.name))
        problems.push('its name must be of the form plugin.verb, such as digest.send')
      if (!own.has(schedule.job))
        problems.push(`its job "${schedule.job.name}" is none of the plugin's own; list its handler in jobs`)
      return problems.map((problem) => `${of}: ${problem}`)
    })
  })
}

function timeProblems({ options: { cron, zone, each, missed } }: Schedule): string[] {
  const problems: string[] = []
  if (each !== 'tenant' && each !== 'instance')
    problems.push(`each "${String(each)}" must be tenant or instance`)
  if (missed !== 'once' && missed !== 'skip') problems.push(`missed "${String(missed)}" must be once or skip`)
  if (each === 'instance' && zone === 'tenant')
    problems.push('it is for the whole instance, which has no tenant zone; name an IANA zone')
  const isKnown = zone === 'tenant' || isZone(zone)
  if (!isKnown)
    problems.push(`zone "${zone}" is no IANA time zone; use one such as America/Sao_Paulo, or tenant`)
  try {
    if (cronOf(cron, zone === 'tenant' || !isKnown ? 'UTC' : zone).next(0) === null)
      problems.push(`cron "${cron}" names no instant that ever comes; change its fields`)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    problems.push(`cron "${cron}" cannot be read: ${reason}; write five fields such as 0 3 * * *`)
  }
  return problems
}

function isZone(zone: string): boolean {
  try {
    zoneTime(zone)
    return true
  } catch {
    return false
  }
}

function inputProblems({ job, input }: Schedule): string[] {
  const parsed = job.input.safeParse(input)
  if (parsed.success) return []
  return parsed.error.issues.map(({ path, message }) => {
    const at = path.length > 0 ? `input ${path.map(String).join('.')}` : 'input'
    return `${at}: ${message}; give what the job "${job.name}" takes`
  })
}
