import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { storeOf } from './store-of.ts'

/** Takes the bytes of a file away once its row is: a transaction that is undone must not have cost them. */
export const RemoveBytes = defineJob('core.removeFileBytes', z.object({ id: uuidSchema }))

export const removeBytes = handleJob(RemoveBytes, ({ id }, ctx) => storeOf(ctx).remove(ctx, id))
