import type { TablesOf } from '@clientele/core'
import type { WebhookDelivery } from './delivery/delivery.entity.ts'
import type { WebhookEndpoint } from './endpoint/endpoint.entity.ts'

/** What typed queries see of this plugin. */
export interface WebhooksTables extends TablesOf<[typeof WebhookEndpoint, typeof WebhookDelivery]> {}
