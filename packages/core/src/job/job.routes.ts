import * as z from 'zod'
import { timestampSchema, uuidSchema } from '../entity/column.ts'
import { idParams } from '../http/id-params.ts'
import { listQuery } from '../http/list-protocol.ts'
import { pageOf } from '../http/page.ts'
import { route } from '../http/route.ts'
import { JobEntity, jobStates } from './job.entity.ts'
import { cancelJob, getJob, listJobs, removeJob, retryJob, type JobRow } from './manage-jobs.ts'

/** A job as those see it who look after it: never its input, which may hold what only its handler should know. */
const jobSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  state: z.enum(jobStates),
  runAt: timestampSchema.describe('When it is due, or was'),
  attempt: z.int().describe('Runs begun so far'),
  maxAttempts: z.int(),
  progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable(),
  lastError: z.string().nullable(),
  scheduledFor: timestampSchema.nullable().describe('The instant of the schedule that it stands for'),
  createdAt: timestampSchema,
  finishedAt: timestampSchema.nullable().describe('When it died'),
})

/** Looks after the tenant's jobs: those that wait, run or are dead. */
export const jobRoutes = {
  listJobs: route.get({
    path: '/api/v1/jobs',
    permission: 'jobs:read',
    tags: ['jobs'],
    summary: 'List jobs that wait, run or are dead',
    query: listQuery(JobEntity),
    response: pageOf(jobSchema),
    async handler({ query }, ctx) {
      const { items, ...page } = await listJobs(ctx, query)
      return { ...page, items: items.map(shown) }
    },
  }),
  getJob: route.get({
    path: '/api/v1/jobs/:id',
    permission: 'jobs:read',
    tags: ['jobs'],
    summary: 'Read a job',
    params: idParams,
    response: jobSchema,
    handler: async ({ params }, ctx) => shown(await getJob(ctx, params.id)),
  }),
  cancelJob: route.post({
    path: '/api/v1/jobs/:id/cancel',
    permission: 'jobs:write',
    tags: ['jobs'],
    summary: 'Cancel a job; one that runs is ended, and what it has committed stays',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => cancelJob(t, params.id)),
  }),
  retryJob: route.post({
    path: '/api/v1/jobs/:id/retry',
    permission: 'jobs:write',
    tags: ['jobs'],
    summary: 'Run a dead job again, with all its attempts',
    params: idParams,
    response: jobSchema,
    handler: async ({ params }, ctx) => shown(await ctx.tx((t) => retryJob(t, params.id))),
  }),
  removeJob: route.delete({
    path: '/api/v1/jobs/:id',
    permission: 'jobs:write',
    tags: ['jobs'],
    summary: 'Remove a dead job',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => removeJob(t, params.id)),
  }),
}

function shown({ progressDone, progressTotal, ...row }: JobRow): z.input<typeof jobSchema> {
  const { id, name, state, runAt, attempt, maxAttempts, lastError, scheduledFor, createdAt, finishedAt } = row
  return {
    id,
    name,
    state,
    runAt,
    attempt,
    maxAttempts,
    progress: progressDone === null ? null : { done: progressDone, total: progressTotal },
    lastError,
    scheduledFor,
    createdAt,
    finishedAt,
  }
}
