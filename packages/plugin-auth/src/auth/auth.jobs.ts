import { defineJob, handleJob, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Auth } from './auth.entity.ts'

/** Removes what was closed then, unless it was opened again. */
export const RemoveClosed = defineJob(
  'auth.remove-closed',
  z.object({ id: uuidSchema, closedAt: z.iso.datetime() }),
)

export const authJobs = [
  handleJob(RemoveClosed, ({ id, closedAt }, ctx) =>
    ctx.tx(async (t) => {
      const found = await t.repo(Auth).find(id)
      if (found?.closedAt === closedAt) await t.repo(Auth).remove(id)
    }),
  ),
]
