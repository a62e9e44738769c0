import { defineErrors } from '@clientele/core'

/** Errors of auths, each with what to do about it. */
export const authErrors = defineErrors({
  'auth.already_closed': {
    status: 409,
    title: 'Already closed',
    detail: (p: { id: string; closedAt: string }) =>
      `Cannot close the auth ${p.id}: it was closed at ${p.closedAt}; set closedAt to null to open it again`,
  },
})
