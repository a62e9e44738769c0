import { defineErrors } from '@clientele/core'

/** Errors of webhooks, each with what to do about it. */
export const webhooksErrors = defineErrors({
  'webhooks.unknown_event': {
    status: 422,
    title: 'Unknown event',
    detail: (p: { event: string; near: readonly string[] }) =>
      `Cannot subscribe to "${p.event}": no plugin announces it; ${
        p.near.length > 0
          ? `did you mean ${p.near.join(' or ')}?`
          : 'GET /api/v1/webhook-events lists what there is'
      }`,
  },
  'webhooks.url_refused': {
    status: 422,
    title: 'URL refused',
    detail: (p: { url: string; reason: string }) => `Cannot send webhooks to "${p.url}": ${p.reason}`,
  },
  'webhooks.endpoint_off': {
    status: 409,
    title: 'Endpoint is off',
    detail: (p: { id: string; reason: string }) =>
      `Cannot send to the endpoint ${p.id}: it is off (${p.reason}); set enabled to true first`,
  },
})
