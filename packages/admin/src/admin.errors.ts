import { defineErrors } from '@clientele/core'

/** Errors of the admin, each with what to do about it. */
export const adminErrors = defineErrors({
  'admin.view_of_another': {
    status: 403,
    title: 'View of somebody else',
    detail: (p: { name: string }) =>
      `Cannot change the view "${p.name}": somebody else shares it; save one of your own, or ask who holds views:manage`,
  },
})
