import { defineErrors } from '@clientele/core'

export const customersErrors = defineErrors({
  'customers.merged': {
    status: 409,
    title: 'Customer was merged',
    detail: (p: { id: string; survivorId: string; mergeId: string }) =>
      `Cannot restore customer ${p.id}: it went into customer ${p.survivorId}; undo merge ${p.mergeId} instead`,
  },
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
  'customers.invalid_phone': {
    status: 422,
    title: 'Not a telephone number',
    detail: (p: { field: 'phone'; country: string | null }) =>
      `Cannot read ${p.field} as a telephone number${p.country === null ? '' : ` of ${p.country}`}: write it with its country, such as +5511987654321, or say the customer’s country`,
  },
  'customers.invalid_traits': {
    status: 422,
    title: 'Traits do not fit',
    detail: (p: { issues: readonly { readonly path: string; readonly message: string }[] }) =>
      `Cannot store the traits: they are declared otherwise (${sentence(p.issues)})`,
  },
  'customers.invalid_event': {
    status: 422,
    title: 'Event does not fit',
    detail: (p: { name: string; issues: readonly { readonly path: string; readonly message: string }[] }) =>
      `Cannot track "${p.name}": it is declared otherwise (${sentence(p.issues)})`,
  },
  'customers.too_many_promoted': {
    status: 409,
    title: 'Too many promoted traits',
    detail: (p: { name: string; limit: number }) =>
      `Cannot promote the trait "${p.name}": ${p.limit} have an index already, and each makes writing a customer dearer; demote one first`,
  },
  'customers.erased': {
    status: 410,
    title: 'Customer was erased',
    detail: (p: { id: string; at: string }) =>
      `Cannot work with customer ${p.id}: they were erased on ${p.at}, and nothing of them is left`,
  },
  'customers.consent_in_future': {
    status: 422,
    title: 'Consent in the future',
    detail: (p: { at: string; now: string }) =>
      `Cannot record a consent of ${p.at}: it is ${p.now}, and nobody answers ahead; leave "at" out or mend the clock`,
  },
  'customers.invalid_address': {
    status: 422,
    title: 'Not an address',
    detail: () =>
      'Cannot use the address: give either an "email" or a "phone" with its country, such as +5511987654321',
  },
  'customers.unknown_write_key': {
    status: 401,
    title: 'Unknown write key',
    detail: () =>
      'Cannot take events: no source that is switched on has this write key; send the key of a source as the user name of Basic auth, as Bearer, in X-Write-Key, or as "writeKey" in the body',
  },
  'customers.batch_too_large': {
    status: 413,
    title: 'Too many events',
    detail: (p: { length: number; limit: number }) =>
      `Cannot take ${p.length} events at once: a batch holds at most ${p.limit}; send several`,
  },
  'customers.overloaded': {
    status: 503,
    title: 'Too busy for events',
    detail: (p: { waiting: number }) =>
      `Cannot take events now: ${p.waiting} batches wait for the database; try again in a second`,
  },
  'customers.still_rejected': {
    status: 422,
    title: 'Event still rejected',
    detail: (p: { id: string; code: string; message: string }) =>
      `Cannot take the rejected event ${p.id}: ${p.message} (${p.code}); send it mended as "event"`,
  },
})

function sentence(issues: readonly { readonly path: string; readonly message: string }[]): string {
  return issues.map(({ path, message }) => `${path} ${message}`).join('; ')
}
