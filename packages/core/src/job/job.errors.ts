import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of those who look after jobs. */
export const jobErrors = defineErrors({
  'job.wrong_state': {
    status: 409,
    title: 'Wrong state',
    detail: (p: { jobId: string; action: 'cancel' | 'retry' | 'remove' }) =>
      p.action === 'cancel'
        ? `Cannot cancel job ${p.jobId}: it is dead; retry or remove it`
        : `Cannot ${p.action} job ${p.jobId}: only dead jobs are; one that waits or runs can be cancelled`,
  },
  'job.living_duplicate': {
    status: 409,
    title: 'Living duplicate',
    detail: (p: { jobId: string }) =>
      `Cannot retry job ${p.jobId}: a job with the same key waits or runs already; remove this one`,
  },
})
