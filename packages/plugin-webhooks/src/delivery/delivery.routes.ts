import { idParams, listQuery, pageOf, route } from '@clientele/core'
import * as z from 'zod'
import { WebhookDelivery } from './delivery.entity.ts'
import { WebhookDeliveries } from './delivery.service.ts'

const hidden = { payload: true, attemptLog: true } as const
type Row = z.output<typeof WebhookDelivery.row>

/** A delivery in lists: without what was sent and answered. */
// `any`: the row's schema is typed by its output, and a part of it is taken away here.
export const deliveryShown = (WebhookDelivery.row as unknown as z.ZodObject<any>).omit(
  hidden,
) as unknown as z.ZodType<Omit<Row, keyof typeof hidden>>

/** What went out. */
export const deliveryRoutes = {
  listDeliveries: route.get({
    path: '/api/v1/webhook-deliveries',
    permission: 'webhooks:read',
    summary: 'List webhook deliveries',
    query: listQuery(WebhookDelivery),
    response: pageOf(deliveryShown),
    handler: ({ query }, ctx) => ctx.repo(WebhookDelivery).list(query),
  }),
  getDelivery: route.get({
    path: '/api/v1/webhook-deliveries/:id',
    permission: 'webhooks:read',
    summary: 'Read a webhook delivery: what was sent, and every try with its answer',
    params: idParams,
    response: WebhookDelivery.row,
    handler: ({ params }, ctx) => ctx.repo(WebhookDelivery).get(params.id),
  }),
  replay: route.post({
    path: '/api/v1/webhook-deliveries/:id/replay',
    permission: 'webhooks:write',
    summary: 'Send a webhook delivery again, under the same webhook-id',
    params: idParams,
    response: deliveryShown,
    status: 202,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(WebhookDeliveries).replay(t, params.id)),
  }),
}
