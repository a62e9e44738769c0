import { defineErrors } from '@clientele/core'

/** Errors of accounts, each with what to do about it. */
export const authErrors = defineErrors({
  'auth.no_role': {
    status: 403,
    title: 'No role',
    detail: (p: { tenantId: string }) =>
      `Cannot let you into "${p.tenantId}": you are signed in, but have no role there; ask somebody who manages its users`,
  },
})
