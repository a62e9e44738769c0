import * as z from 'zod'
import { hasPermission } from '../context/actor.ts'
import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { reply, route } from '../http/route.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import { liveEntities } from './live-entities.ts'

/** How long a stream lasts at most; its client comes back, and is asked for its permissions again. */
const LONGEST_SECONDS = 3_600

const flag = z.enum(['true', 'false']).default('false')

const query = z.object({
  entities: z
    .string()
    .max(2_000)
    .optional()
    .describe(
      'Whose changes, separated by commas. Without it those of every entity that the caller may read',
    ),
  jobs: flag.describe('Whether to tell how jobs stand, to those who hold `jobs:read`'),
  after: z
    .string()
    .max(100)
    .optional()
    .describe(
      'Goes on behind this event. The header `Last-Event-ID`, which browsers send by themselves, wins',
    ),
  once: flag.describe('Ends after what is there: for clients that ask now and then'),
  maxSeconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(LONGEST_SECONDS)
    .default(LONGEST_SECONDS)
    .describe('Ends after this time; the client comes back by itself'),
})

const description = `Server-sent events, in the order of commits, each committed change once:

- \`hello\`: the first event; the entities that will be told, those whose read permission the caller holds
- \`change\`: \`{ entity, extension?, kind, ids, count, origin }\`. More than 100 ids are left out, and counted
- \`job\`: \`{ id, name, state, attempt, done, total }\`, how a job stands now
- \`reset\`: \`{ reason }\`; changes since the last event are not told, read again what you show

Events carry ids. A client that comes back with the last one (\`Last-Event-ID\`) goes on behind it, on any node. The
journal keeps 24 hours.`

export const liveRoutes = {
  live: route.get({
    path: '/api/v1/live',
    permission: 'authenticated',
    summary: 'Changes and job progress as they happen',
    description,
    tags: ['live'],
    query,
    produces: 'text/event-stream',
    handler({ query: asked, headers }, ctx) {
      const stream = runtimeOf(ctx).live.stream({
        tenantId: ctx.tenantId,
        entities: entitiesOf(ctx, asked.entities),
        jobs: asked.jobs === 'true' && ctx.can('jobs:read'),
        after: headers['last-event-id'] || asked.after,
        once: asked.once === 'true',
        maxMs: asked.maxSeconds * 1_000,
        signal: ctx.signal,
      })
      return reply<never>(stream, { headers: STREAM_HEADERS })
    },
  }),
}

/** Proxies and compressing middleware must pass on what there is at once, as it is. */
const STREAM_HEADERS = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }

function entitiesOf(ctx: Ctx, asked: string | undefined): ReadonlySet<string> {
  const known = liveEntities(runtimeOf(ctx).registry)
  const names = asked === undefined ? [...known.keys()] : asked.split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0) throw unknownEntities(unknown, [...known.keys()])
  return new Set(names.filter((name) => hasPermission(ctx.actor, known.get(name)!)))
}

function unknownEntities(unknown: readonly string[], known: readonly string[]): Error {
  const issues = unknown.slice(0, 10).map((name) => ({
    path: 'entities',
    message: `there are no live updates of "${name.slice(0, 100)}"; there are of ${known.join(', ')}`,
  }))
  return coreErrors['http.invalid_request']({ part: 'query', issues })
}
