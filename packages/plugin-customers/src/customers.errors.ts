import { defineErrors } from '@clientele/core'

export const customersErrors = defineErrors({
  'customers.merge_self': {
    status: 422,
    title: 'Same customer',
    detail: (p: { id: string }) => `Cannot merge customer ${p.id} into itself; name two customers`,
  },
  'customers.merge_undone': {
    status: 409,
    title: 'Merge undone already',
    detail: (p: { id: string }) => `Cannot undo merge ${p.id}: it was undone before`,
  },
  'customers.merge_followed': {
    status: 409,
    title: 'Merge is not the last',
    detail: (p: { id: string; survivorId: string; mergeId: string }) =>
      `Cannot undo merge ${p.id}: its survivor ${p.survivorId} went into another customer since; undo merge ${p.mergeId} first`,
  },
})
