import { defineErrors } from '@clientele/core'

/** Errors of audits, each with what to do about it. */
export const auditErrors = defineErrors({
  'audit.already_closed': {
    status: 409,
    title: 'Already closed',
    detail: (p: { id: string; closedAt: string }) =>
      `Cannot close the audit ${p.id}: it was closed at ${p.closedAt}; set closedAt to null to open it again`,
  },
})
