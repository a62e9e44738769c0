import { idParams, listQuery, pageOf, route, type Ctx } from '@clientele/core'
import * as z from 'zod'
import type { EventType } from '../event/event-type.ts'
import { findSource, sourceOf } from '../source/find-source.ts'
import { Ingest, type IngestResult } from './ingest.service.ts'
import { readEventsBody } from './read-events-body.ts'
import { RejectedEvent } from './rejected-event.entity.ts'

/** A batch as it comes, before and after it is unpacked: clients are told so. */
const MOST_BYTES = 500 * 1024

const result = z.object({
  accepted: z.number().int().describe('Stored, each once'),
  duplicate: z.number().int().describe('Known already by their messageId'),
  rejected: z.array(
    z
      .object({ index: z.number().int(), code: z.string(), message: z.string() })
      .describe('Kept with its reason'),
  ),
})

const envelope = z
  .looseObject({
    batch: z.array(z.unknown()).describe('Events of the Segment specification, at most 1,000'),
    sentAt: z.unknown().optional().describe('The client’s clock when it sent them'),
    writeKey: z.string().optional(),
  })
  .describe('A batch of events')

const single = z
  .looseObject({ sentAt: z.unknown().optional(), writeKey: z.string().optional() })
  .describe('One event of the Segment specification')

/** In the API's documentation these stand apart: their form is that of the SDKs, not of the API. */
const SDK_TAG = 'send events (SDKs)'

const wire = {
  permission: 'events:send',
  tags: [SDK_TAG],
  cors: 'any',
  maxBodyBytes: MOST_BYTES,
  readBody: readEventsBody,
  identify: findSource,
  response: result,
} as const

function batch(path: `/${string}`) {
  return route.post({
    ...wire,
    path,
    summary: 'Send a batch of events',
    body: envelope,
    handler: ({ body }, ctx) => ingest(ctx, body.batch, body.sentAt),
  })
}

function one(path: `/${string}`, type: EventType) {
  return route.post({
    ...wire,
    path,
    summary: `Send one event: ${type}`,
    body: single,
    handler: ({ body }, ctx) => {
      const { writeKey: _, ...event } = body
      return ingest(ctx, [event], body.sentAt, type)
    },
  })
}

function ingest(
  ctx: Ctx,
  events: readonly unknown[],
  sentAt: unknown,
  type?: EventType,
): Promise<IngestResult> {
  const incoming = { events, sentAt, sourceId: sourceOf(ctx.actor), ...(type ? { type } : {}) }
  return ctx.get(Ingest).ingest(ctx, incoming)
}

/** What every SDK of the Segment specification sends to, and the browser's short paths and settings call. */
export const ingestRoutes = {
  batch: batch('/v1/batch'),
  batchShort: batch('/v1/b'),
  identify: one('/v1/identify', 'identify'),
  track: one('/v1/track', 'track'),
  page: one('/v1/page', 'page'),
  screen: one('/v1/screen', 'screen'),
  group: one('/v1/group', 'group'),
  alias: one('/v1/alias', 'alias'),
  identifyShort: one('/v1/i', 'identify'),
  trackShort: one('/v1/t', 'track'),
  pageShort: one('/v1/p', 'page'),
  screenShort: one('/v1/s', 'screen'),
  groupShort: one('/v1/g', 'group'),
  aliasShort: one('/v1/a', 'alias'),
  jitsuIdentify: one('/api/s/identify', 'identify'),
  jitsuTrack: one('/api/s/track', 'track'),
  jitsuPage: one('/api/s/page', 'page'),
  jitsuScreen: one('/api/s/screen', 'screen'),
  jitsuGroup: one('/api/s/group', 'group'),
  jitsuAlias: one('/api/s/alias', 'alias'),
  jitsuServerIdentify: one('/api/s/s2s/identify', 'identify'),
  jitsuServerTrack: one('/api/s/s2s/track', 'track'),
  jitsuServerPage: one('/api/s/s2s/page', 'page'),
  jitsuServerScreen: one('/api/s/s2s/screen', 'screen'),
  jitsuServerGroup: one('/api/s/s2s/group', 'group'),
  jitsuServerAlias: one('/api/s/s2s/alias', 'alias'),
  settings: route.get({
    path: '/v1/projects/:writeKey/settings',
    permission: 'events:send',
    tags: [SDK_TAG],
    summary: 'What the browser SDK asks before it sends',
    cors: 'any',
    identify: findSource,
    params: z.object({ writeKey: z.string().max(100) }),
    response: z.object({ integrations: z.record(z.string(), z.object({ apiKey: z.string() })) }),
    handler: ({ params }) => ({ integrations: { 'Segment.io': { apiKey: params.writeKey } } }),
  }),
  listRejectedEvents: route.get({
    path: '/api/v1/rejected-events',
    permission: 'events:read',
    tags: ['events'],
    summary: 'Events that were not taken, with the reason',
    query: listQuery(RejectedEvent),
    response: pageOf(RejectedEvent.row),
    handler: ({ query }, ctx) => ctx.repo(RejectedEvent).list(query),
  }),
  replayRejectedEvent: route.post({
    path: '/api/v1/rejected-events/:id/replay',
    permission: 'events:write',
    tags: ['events'],
    summary: 'Send a rejected event again, as it is or mended',
    params: idParams,
    body: z.object({
      event: z.unknown().optional().describe('The mended event; left out, it is sent as it was'),
    }),
    response: result,
    handler: ({ params, body }, ctx) => ctx.get(Ingest).replay(ctx, params.id, body.event),
  }),
}
