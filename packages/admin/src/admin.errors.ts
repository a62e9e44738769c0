import { defineErrors } from '@clientele/core'

/** Errors of the admin, each with what to do about it. */
export const adminErrors = defineErrors({
  'admin.unknown_field': {
    status: 500,
    title: 'Unknown field of the admin',
    detail: (p: { plugin: string; entity: string; field: string }) =>
      `Plugin "${p.plugin}" cannot show "${p.field}" of "${p.entity}" in the admin: no extension has such a column; name one of those that "${p.entity}" was extended by`,
  },
  'admin.view_of_another': {
    status: 403,
    title: 'View of somebody else',
    detail: (p: { name: string }) =>
      `Cannot change the view "${p.name}": somebody else shares it; save one of your own, or ask who holds views:manage`,
  },
})
