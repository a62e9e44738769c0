export { WebhookDelivery, type DeliveryAttempt, type WebhookDeliveryRow } from './delivery/delivery.entity.ts'
export { WebhookDeliveries, type WebhookDeliveriesService } from './delivery/delivery.service.ts'
export { WebhookEndpoint, type WebhookEndpointRow } from './endpoint/endpoint.entity.ts'
export {
  WebhookEndpoints,
  type NewWebhookEndpoint,
  type WebhookEndpointChanges,
  type WebhookEndpointsService,
  type WebhookEndpointWithSecret,
} from './endpoint/endpoint.service.ts'
export type { Subscriptions } from './endpoint/subscriptions.ts'
export { webhooksErrors } from './webhooks.errors.ts'
export { WebhookEndpointDisabled } from './webhooks.events.ts'
export type { WebhooksOptions } from './webhooks.options.ts'
export { webhooks, type WebhooksApi, type WebhooksShape } from './webhooks.plugin.ts'
export type { WebhooksTables } from './webhooks.tables.ts'
