import {
  defineService,
  EventNames,
  fromTimestamp,
  toTimestamp,
  type Ctx,
  type Tx,
  type WriteOptions,
} from '@clientele/core'
import { ReleaseHeld } from '../delivery/held.jobs.ts'
import { webhooksErrors } from '../webhooks.errors.ts'
import type { WebhooksConfig } from '../webhooks.options.ts'
import { WebhookEndpoint, type WebhookEndpointRow } from './endpoint.entity.ts'
import type { Subscriptions } from './subscriptions.ts'
import { newWebhookSecret } from './webhook-secret.ts'

/** What creating an endpoint takes. */
export interface NewWebhookEndpoint {
  /** `https://…`; http only if the host allows it. Redirects are not followed. */
  readonly url: string
  readonly description?: string | undefined
  readonly subscriptions: Subscriptions
  /** @default false */
  readonly includeImports?: boolean | undefined
  /** @default true */
  readonly enabled?: boolean | undefined
}

/** An endpoint with its secret, which is shown this once. */
export interface WebhookEndpointWithSecret {
  readonly endpoint: WebhookEndpointRow
  readonly secret: string
}

/** What changing an endpoint takes: what is left out stays. */
export type WebhookEndpointChanges = {
  readonly [K in keyof NewWebhookEndpoint]?: NewWebhookEndpoint[K] | undefined
}

/** Where webhooks go. */
export interface WebhookEndpointsService {
  /** @throws `webhooks.url_refused`, `webhooks.unknown_event` */
  create(t: Tx, values: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret>
  /**
   * Changes what is given. Switching it on forgets why it was off, and sends what was held.
   * @throws `webhooks.url_refused`, `webhooks.unknown_event`, `entity.not_found`, `entity.stale_version`
   */
  update(
    t: Tx,
    id: string,
    changes: WebhookEndpointChanges,
    options?: WriteOptions,
  ): Promise<WebhookEndpointRow>
  /** Gives it another secret; for a day deliveries are signed with both. @throws `entity.not_found` */
  rotate(t: Tx, id: string): Promise<WebhookEndpointWithSecret>
}

export const WebhookEndpoints = defineService<WebhookEndpointsService>('webhooks.endpoints')

const BOTH_SECRETS_MS = 24 * 3_600_000

export function createWebhookEndpointsService({ allowHttp }: WebhooksConfig): WebhookEndpointsService {
  const check = (ctx: Ctx, { url, subscriptions }: WebhookEndpointChanges): void => {
    if (url !== undefined) checkUrl(url, allowHttp)
    for (const event of subscriptions?.events ?? []) checkEvent(ctx, event)
  }
  return {
    async create(t, values) {
      check(t, values)
      const secret = newWebhookSecret(t)
      return { endpoint: await t.repo(WebhookEndpoint).insert({ ...values, secret }), secret }
    },
    async update(t, id, changes, options) {
      check(t, changes)
      await t.lock(WebhookEndpoint, [id])
      const on = changes.enabled === true && !(await t.repo(WebhookEndpoint).get(id)).enabled
      const fresh = on ? { disabledAt: null, disabledReason: null, failingSince: null } : {}
      const endpoint = await t.repo(WebhookEndpoint).patch(id, { ...changes, ...fresh }, options)
      if (on) await t.enqueue(ReleaseHeld, { endpointId: id })
      return endpoint
    },
    async rotate(t, id) {
      await t.lock(WebhookEndpoint, [id])
      const previousSecret = await t.repo(WebhookEndpoint).reveal(id, 'secret')
      const secret = newWebhookSecret(t)
      const previousSecretUntil = toTimestamp(fromTimestamp(t.now()) + BOTH_SECRETS_MS)
      const changes = { secret, previousSecret, previousSecretUntil }
      return { endpoint: await t.repo(WebhookEndpoint).patch(id, changes), secret }
    },
  }
}

/** What can be said of a URL before a name is looked up; where it leads is judged at each connection. */
function checkUrl(url: string, allowHttp: boolean): void {
  const refuse = (reason: string, shown = url.slice(0, 200)): Error =>
    webhooksErrors['webhooks.url_refused']({ url: shown, reason })
  const target = URL.parse(url)
  if (!target) throw refuse('it is not a URL')
  if (target.username || target.password)
    throw refuse('it carries a password: deliveries are signed instead', target.host)
  if (target.protocol === 'https:' || (allowHttp && target.protocol === 'http:')) return
  throw refuse(allowHttp ? 'only https and http are known' : 'it must begin with https://')
}

function checkEvent(ctx: Ctx, event: string): void {
  const names = ctx.get(EventNames)
  if (!names.list(ctx).includes(event))
    throw webhooksErrors['webhooks.unknown_event']({ event, near: names.near(ctx, event) })
}
