import * as z from 'zod'
import { timestampSchema, uuidSchema } from '../entity/column.ts'
import { route } from '../http/route.ts'
import { jobStates } from '../job/job.entity.ts'
import { SCHEDULE_NAME } from './schedule-name.ts'
import { listSchedules, runSchedule } from './manage-schedules.ts'

const scheduleSchema = z.object({
  name: z.string(),
  job: z.string(),
  cron: z.string(),
  zone: z.string().describe('IANA zone in which the fields are read'),
  each: z.enum(['tenant', 'instance']),
  nextRunAt: timestampSchema.nullable().describe('Null until a worker has looked at the tenant'),
  lastRunAt: timestampSchema.nullable().describe('The last instant for which a job was added'),
  lastJob: z
    .object({
      id: uuidSchema,
      state: z.enum([...jobStates, 'gone']).describe('`gone` when it is done, or was cancelled'),
    })
    .nullable(),
})

/** What runs by the clock. */
export const scheduleRoutes = {
  listSchedules: route.get({
    path: '/api/v1/schedules',
    permission: 'schedules:read',
    tags: ['schedules'],
    summary: 'List schedules, with their next and last run',
    response: z.object({ items: z.array(scheduleSchema) }),
    handler: async (_, ctx) => ({ items: await listSchedules(ctx) }),
  }),
  runSchedule: route.post({
    path: '/api/v1/schedules/:name/run',
    permission: 'schedules:write',
    tags: ['schedules'],
    summary: 'Add a schedule’s job now; its next instant stays',
    params: z.object({
      name: z.string().max(200).regex(SCHEDULE_NAME, 'expected a name such as digest.send'),
    }),
    response: z.object({ jobId: uuidSchema }),
    status: 202,
    handler: async ({ params }, ctx) => ({ jobId: await ctx.tx((t) => runSchedule(t, params.name)) }),
  }),
}
