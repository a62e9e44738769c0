import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { customers, CustomerEventSubscribers } from '@clientele/plugin-customers'
import { WebhookDelivery } from './delivery/delivery.entity.ts'
import { deliveryRoutes } from './delivery/delivery.routes.ts'
import { createWebhookDeliveriesService, WebhookDeliveries } from './delivery/delivery.service.ts'
import { releaseHeld } from './delivery/held.jobs.ts'
import { runDelivery } from './delivery/run-delivery.ts'
import { customerEvents, domainEvents } from './delivery/subscribers.ts'
import { upkeep, upkeepSchedule } from './delivery/upkeep.jobs.ts'
import { WebhookEndpoint } from './endpoint/endpoint.entity.ts'
import { endpointRoutes } from './endpoint/endpoint.routes.ts'
import { createWebhookEndpointsService, WebhookEndpoints } from './endpoint/endpoint.service.ts'
import { m0001Webhooks } from './migrations/0001-webhooks.ts'
import { webhooksErrors } from './webhooks.errors.ts'
import { WebhookEndpointDisabled } from './webhooks.events.ts'
import { WebhooksConfigured, webhooksOptions, type WebhooksOptions } from './webhooks.options.ts'
import type { WebhooksTables } from './webhooks.tables.ts'

const impl = definePlugin({
  id: 'webhooks',
  version: '0.1.0',
  requires: { core: '^0.1.0', plugins: { customers: '^0.1.0' } },
  dependsOn: [customers],
  options: webhooksOptions,
  entities: [WebhookEndpoint, WebhookDelivery],
  migrations: { '0001-webhooks': m0001Webhooks },
  permissions: {
    'webhooks:read': { label: 'See webhooks and what they carried', roles: ['admin'] },
    'webhooks:write': { label: 'Change, test and replay webhooks', roles: ['admin'] },
  },
  errors: webhooksErrors,
  events: [WebhookEndpointDisabled],
  services: (options) => [
    provide(WebhooksConfigured, { factory: () => options }),
    provide(WebhookEndpoints, { factory: () => createWebhookEndpointsService(options) }),
    provide(WebhookDeliveries, { factory: createWebhookDeliveriesService }),
  ],
  routes: { ...endpointRoutes, ...deliveryRoutes },
  handlers: [domainEvents],
  jobs: [runDelivery, releaseHeld, upkeep],
  schedules: [upkeepSchedule],
  contributes: [CustomerEventSubscribers.add({ appended: customerEvents })],
})

/** The plugin's routes as typed calls. */
export interface WebhooksApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface WebhooksShape {
  readonly id: 'webhooks'
  readonly tables: WebhooksTables
  readonly api: WebhooksApi
}

/** Outgoing webhooks: what happens is told to other systems, signed, until they have heard it. */
export const webhooks: ((options?: WebhooksOptions) => Plugin<WebhooksShape>) & {
  readonly pluginId: 'webhooks'
} = impl
