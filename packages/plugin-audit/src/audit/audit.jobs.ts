import { defineJob, handleJob, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Audit } from './audit.entity.ts'

/** Removes what was closed then, unless it was opened again. */
export const RemoveClosed = defineJob(
  'audit.remove-closed',
  z.object({ id: uuidSchema, closedAt: z.iso.datetime() }),
)

export const auditJobs = [
  handleJob(RemoveClosed, ({ id, closedAt }, ctx) =>
    ctx.tx(async (t) => {
      const found = await t.repo(Audit).find(id)
      if (found?.closedAt === closedAt) await t.repo(Audit).remove(id)
    }),
  ),
]
