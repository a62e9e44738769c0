import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of bulk requests. */
export const bulkErrors = defineErrors({
  'bulk.undone': {
    status: 424,
    title: 'Undone',
    detail: (p: { because: number }) =>
      `Nothing was done: operation ${p.because} failed, and the request was to be done as a whole or not at all`,
  },
})
