import { idParams, listQuery, pageOf, reply, route, versionOf } from '@clientele/core'
import * as z from 'zod'
import { Source } from './source.entity.ts'
import { Sources } from './source.service.ts'

// `any`: the row's schema is typed by its output, and a part of it is taken away here.
const shown = (Source.row as unknown as z.ZodObject<any>).omit({ keyHash: true }) as unknown as z.ZodType<
  Omit<z.output<typeof Source.row>, 'keyHash'>
>
const withKey = z.object({
  source: shown,
  writeKey: z.string().describe('Shown this once; clients send it with every event'),
})

/** The places events come from, and their write keys. */
export const sourceRoutes = {
  listSources: route.get({
    path: '/api/v1/sources',
    permission: 'sources:read',
    summary: 'List sources',
    query: listQuery(Source),
    response: pageOf(shown),
    handler: ({ query }, ctx) => ctx.repo(Source).list(query),
  }),
  createSource: route.post({
    path: '/api/v1/sources',
    permission: 'sources:write',
    summary: 'Create a source; the answer shows its write key once',
    body: z.object({ name: z.string().min(1).max(200) }),
    response: withKey,
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.tx((t) => t.get(Sources).create(t, body))
      return reply(made, { headers: { location: `/api/v1/sources/${made.source.id}` } })
    },
  }),
  getSource: route.get({
    path: '/api/v1/sources/:id',
    permission: 'sources:read',
    summary: 'Read a source',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.repo(Source).get(params.id),
  }),
  updateSource: route.patch({
    path: '/api/v1/sources/:id',
    permission: 'sources:write',
    summary: 'Rename a source, or switch it off and on',
    params: idParams,
    body: z.object({ name: z.string().min(1).max(200).optional(), enabled: z.boolean().optional() }),
    response: shown,
    handler: ({ params, body, headers }, ctx) =>
      ctx.tx((t) => t.repo(Source).patch(params.id, body, versionOf(headers))),
  }),
  rotateSource: route.post({
    path: '/api/v1/sources/:id/rotate',
    permission: 'sources:write',
    summary: 'Give a source another write key; the old one is worth nothing at once',
    params: idParams,
    response: withKey,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Sources).rotate(t, params.id)),
  }),
}
