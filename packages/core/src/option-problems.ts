import type { ClienteleOptions } from './clientele.types.ts'
import { limitsProblems } from './limits/limits.options.ts'
import { mailProblems } from './mail/mail.options.ts'
import { withDefaults, type JobsOptions } from './job/jobs.options.ts'

/** What is wrong with the options of an instance, apart from its plugins. */
export function optionProblems({
  tenancy,
  jobs,
  limits,
  mail,
  observe,
}: Pick<ClienteleOptions<any>, 'tenancy' | 'jobs' | 'limits' | 'mail' | 'observe'>): string[] {
  return [
    ...tenancyProblems(tenancy),
    ...jobsProblems(jobs),
    ...limitsProblems(limits || {}),
    ...mailProblems(mail),
    ...observeProblems(observe),
  ]
}

// A mistyped word must not open what is closed, nor leave closed what was meant to be open.
function observeProblems({ metrics = 'system:read' }: ClienteleOptions<any>['observe'] = {}): string[] {
  if (metrics === 'system:read' || metrics === 'public') return []
  return [`observe.metrics "${String(metrics)}" is not known; use 'system:read' or 'public'`]
}

function tenancyProblems(tenancy: ClienteleOptions<any>['tenancy']): string[] {
  if (tenancy === undefined) return []
  const problems: string[] = []
  const { mode, tenants } = tenancy
  if (mode !== 'single' && mode !== 'multi') {
    problems.push(`tenancy.mode "${String(mode)}" is not known; use 'single' or 'multi'`)
  }
  if (tenants !== undefined && typeof tenants !== 'function') {
    problems.push('tenancy.tenants must be a function that answers the ids of all tenants')
  }
  if (tenants !== undefined && mode === 'single') {
    problems.push(
      `tenancy.tenants is for tenancy.mode 'multi'; in single mode there is one tenant, "default"`,
    )
  }
  return problems
}

function jobsProblems(options: JobsOptions = {}): string[] {
  const { leaseMs, heartbeatMs, pollMs, batch } = withDefaults(options)
  const problems: string[] = []
  for (const [name, value] of Object.entries({ leaseMs, heartbeatMs, pollMs, batch })) {
    if (!Number.isInteger(value) || value < 1) {
      problems.push(`jobs.${name} "${String(value)}" must be a whole number from 1 on`)
    }
  }
  if (problems.length === 0 && heartbeatMs > leaseMs / 2) {
    problems.push(
      `jobs.heartbeatMs ${heartbeatMs} must be at most half of jobs.leaseMs ${leaseMs}, so that one lost sign of life costs no job; a third is usual`,
    )
  }
  return problems
}
