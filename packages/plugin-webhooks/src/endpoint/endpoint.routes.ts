import { EventNames, idParams, listQuery, pageOf, reply, route, versionOf } from '@clientele/core'
import * as z from 'zod'
import { deliveryShown } from '../delivery/delivery.routes.ts'
import { WebhookDeliveries } from '../delivery/delivery.service.ts'
import { WebhookEndpoint } from './endpoint.entity.ts'
import { WebhookEndpoints } from './endpoint.service.ts'
import { subscriptionsSchema } from './subscriptions.ts'

const fields = {
  url: z.string().min(1).max(2000),
  description: z.string().max(1000).optional(),
  subscriptions: subscriptionsSchema,
  includeImports: z.boolean().optional(),
  enabled: z.boolean().optional(),
}
const newEndpoint = z.object(fields)
const endpointChanges = z.object({
  ...fields,
  url: fields.url.optional(),
  subscriptions: fields.subscriptions.optional(),
})
const withSecret = z.object({
  endpoint: WebhookEndpoint.row,
  secret: z.string().describe('Shown this once; the receiver verifies signatures with it'),
})

/** Where webhooks go. */
export const endpointRoutes = {
  list: route.get({
    path: '/api/v1/webhook-endpoints',
    permission: 'webhooks:read',
    summary: 'List webhook endpoints',
    query: listQuery(WebhookEndpoint),
    response: pageOf(WebhookEndpoint.row),
    handler: ({ query }, ctx) => ctx.repo(WebhookEndpoint).list(query),
  }),
  create: route.post({
    path: '/api/v1/webhook-endpoints',
    permission: 'webhooks:write',
    summary: 'Create a webhook endpoint; the answer shows its secret once',
    body: newEndpoint,
    response: withSecret,
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.tx((t) => t.get(WebhookEndpoints).create(t, body))
      return reply(made, { headers: { location: `/api/v1/webhook-endpoints/${made.endpoint.id}` } })
    },
  }),
  get: route.get({
    path: '/api/v1/webhook-endpoints/:id',
    permission: 'webhooks:read',
    summary: 'Read a webhook endpoint',
    params: idParams,
    response: WebhookEndpoint.row,
    handler: ({ params }, ctx) => ctx.repo(WebhookEndpoint).get(params.id),
  }),
  update: route.patch({
    path: '/api/v1/webhook-endpoints/:id',
    permission: 'webhooks:write',
    summary: 'Change a webhook endpoint, or switch it off and on',
    params: idParams,
    body: endpointChanges,
    response: WebhookEndpoint.row,
    handler: ({ params, body, headers }, ctx) =>
      ctx.tx((t) => t.get(WebhookEndpoints).update(t, params.id, body, versionOf(headers))),
  }),
  remove: route.delete({
    path: '/api/v1/webhook-endpoints/:id',
    permission: 'webhooks:write',
    summary: 'Remove a webhook endpoint with its deliveries',
    params: idParams,
    handler: async ({ params, headers }, ctx) => {
      await ctx.tx((t) => t.repo(WebhookEndpoint).remove(params.id, versionOf(headers)))
    },
  }),
  rotateSecret: route.post({
    path: '/api/v1/webhook-endpoints/:id/rotate-secret',
    permission: 'webhooks:write',
    summary: 'Give a webhook endpoint another secret; for a day both sign',
    params: idParams,
    response: withSecret,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(WebhookEndpoints).rotate(t, params.id)),
  }),
  test: route.post({
    path: '/api/v1/webhook-endpoints/:id/test',
    permission: 'webhooks:write',
    summary: 'Send a test event; its delivery tells what became of it',
    params: idParams,
    response: deliveryShown,
    status: 202,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(WebhookDeliveries).test(t, params.id)),
  }),
  listEvents: route.get({
    path: '/api/v1/webhook-events',
    permission: 'webhooks:read',
    summary: 'List the domain events that webhooks may tell of',
    response: z.object({ events: z.array(z.string()) }),
    handler: async (_request, ctx) => ({ events: [...ctx.get(EventNames).list(ctx)] }),
  }),
}
