import { FetchPort, fromTimestamp, type Ctx } from '@clientele/core'
import { Webhook } from 'standardwebhooks'
import { WebhookEndpoint, type WebhookEndpointRow } from '../endpoint/endpoint.entity.ts'
import type { DeliveryAttempt, WebhookDeliveryRow } from './delivery.entity.ts'

const TIMEOUT_MS = 15_000
const ANSWER_BYTES = 1024

/** What became of a try. */
export interface SentDelivery {
  readonly attempt: DeliveryAttempt
  readonly retryAfter?: string | undefined
}

/** Sends a delivery once, signed now; never throws for what the receiver does. */
export async function sendDelivery(
  ctx: Ctx,
  endpoint: WebhookEndpointRow,
  delivery: Pick<WebhookDeliveryRow, 'eventId' | 'payload'>,
): Promise<SentDelivery> {
  const at = ctx.now()
  const body = JSON.stringify(delivery.payload)
  const signed = await signatures(ctx, endpoint, delivery.eventId, body)
  const took = (): number => Math.max(0, fromTimestamp(ctx.now()) - fromTimestamp(at))
  try {
    const answer = await ctx.get(FetchPort)(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Clientele-Webhooks',
        'webhook-id': delivery.eventId,
        'webhook-timestamp': String(Math.floor(fromTimestamp(at) / 1000)),
        'webhook-signature': signed,
      },
      body,
      signal: ctx.signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: ANSWER_BYTES,
      cut: true,
    })
    const { status } = answer
    const error = status >= 200 && status < 300 ? null : wordsFor(status)
    const attempt = { at, status, error, durationMs: took(), answer: textOf(answer.body) }
    return { attempt, retryAfter: answer.headers['retry-after'] }
  } catch (error) {
    // The process stops or the lease is gone: nobody knows whether it arrived, and another worker tries again.
    ctx.signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    return {
      attempt: { at, status: null, error: reason.slice(0, 1000), durationMs: took(), answer: '' },
    }
  }
}

/** One signature for each secret that counts now. */
async function signatures(ctx: Ctx, endpoint: WebhookEndpointRow, id: string, body: string): Promise<string> {
  const { previousSecretUntil } = endpoint
  const now = ctx.now()
  const secrets = [await ctx.repo(WebhookEndpoint).reveal(endpoint.id, 'secret')]
  if (previousSecretUntil !== null && previousSecretUntil > now)
    secrets.push(await ctx.repo(WebhookEndpoint).reveal(endpoint.id, 'previousSecret'))
  const at = new Date(fromTimestamp(now))
  return secrets.flatMap((secret) => (secret ? [new Webhook(secret).sign(id, at, body)] : [])).join(' ')
}

function wordsFor(status: number): string {
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`
  return `answered ${status}`
}

/** Text that both databases can hold. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').replaceAll('\0', '\uFFFD')
}
