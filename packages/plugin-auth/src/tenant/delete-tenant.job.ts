import { defineJob, timestampSchema } from '@clientele/core'
import * as z from 'zod'
import { tenantIdSchema } from './tenant.entity.ts'

/** Removes all rows of a tenant whose grace is over, slice by slice; one that broke off goes on where it was. */
export const DeleteTenant = defineJob(
  'auth.deleteTenant',
  z.object({ tenantId: tenantIdSchema, deleteAt: timestampSchema }),
  { attempts: 20, concurrency: 1, timeoutMs: 24 * 3_600_000 },
)
