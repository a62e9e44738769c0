import {
  crudRoutes,
  csvQuery,
  csvReply,
  idParams,
  ifMatch,
  listQuery,
  pageOf,
  reply,
  route,
  timestampSchema,
  uuidSchema,
} from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { Audience } from '../audience/audience.service.ts'
import { explainSegment } from '../explanation/explain-segment.ts'
import { membershipCauses } from '../membership/membership.entity.ts'
import { pinModes } from '../pin/pin-mode.ts'
import { segmentKinds } from './segment-kind.ts'
import { Segment } from './segment.entity.ts'
import { usesOf } from './segment-uses.ts'
import { membersSince } from './members-since.ts'
import { requireCustomers, seesCustomers } from './sees-customers.ts'
import { Segments } from './segment.service.ts'

const condition = z
  .record(z.string(), z.unknown())
  .describe('A condition: { all | any | not | atLeast … } over rules of registered types')
const values = z.strictObject({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000).nullish(),
  condition,
  kind: z.enum(segmentKinds).optional(),
})

const newSegment = values
  .partial({ condition: true })
  .refine(({ kind, condition: given }) => kind === 'manual' || given !== undefined, {
    path: ['condition'],
    message: 'is required, but for a manual segment',
  })

const stay = z.object({
  enteredAt: timestampSchema,
  by: z.enum(membershipCauses),
  with: z.string().nullable().describe('The facts that changed, or the run'),
})

const rankedAsOf = timestampSchema
  .nullable()
  .describe('Where customers are ranked against each other: as of when these members are kept')

/** An explanation is a tree; the schema says its root and leaves the rest open. */
const explanation = z.object({
  member: z.boolean().describe('As it is kept'),
  asOf: rankedAsOf,
  met: z.boolean().describe('Whether the condition is met now'),
  since: stay.nullable(),
  pin: z
    .object({
      mode: z.enum(pinModes),
      reason: z.string().nullable(),
      expiresAt: timestampSchema.nullable(),
      pinnedBy: z.string(),
    })
    .nullable(),
  changesAt: timestampSchema.nullable().describe('When the answer may next differ although nothing happens'),
  explanation: z.looseObject({ met: z.boolean() }),
})

const warning = z.object({
  key: z.string().describe('A catalogue key: conditions.advice.unseenEvent'),
  params: z.record(z.string(), z.unknown()),
  path: z.string().describe('Where in the condition: all.0.not; empty for the whole'),
  leaf: z.looseObject({ type: z.string() }).optional(),
})

/** In 19 of 20 samples the exact count lies between the two. */
const estimate = z.object({
  error: z.number().int().min(0).describe('At most so many more or less, in 19 of 20 cases'),
  low: z.number().int().min(0),
  high: z.number().int().min(0),
  asked: z.number().int().min(0).describe('How many customers were asked, drawn by chance'),
})

const membersPage = z.object({
  asOf: rankedAsOf,
  enteredAt: z.record(uuidSchema, timestampSchema).describe('Since when they are in it, by id'),
})

export const segmentRoutes = {
  ...crudRoutes(Segment, {
    path: '/api/v1/segments',
    read: 'segments:read',
    write: 'segments:write',
    only: ['list', 'get'],
  }),
  create: route.post({
    path: '/api/v1/segments',
    permission: 'segments:write',
    summary: 'Save a segment',
    body: newSegment,
    response: Segment.row,
    status: 201,
    async handler({ body }, ctx) {
      const segment = await ctx.tx((t) => ctx.get(Segments).create(t, body))
      return reply(segment, { headers: { location: `/api/v1/segments/${segment.id}` } })
    },
  }),
  update: route.patch({
    path: '/api/v1/segments/:id',
    permission: 'segments:write',
    summary: 'Change a segment',
    params: idParams,
    body: values.partial(),
    response: Segment.row,
    handler: ({ params, body, headers }, ctx) =>
      ctx.tx((t) => ctx.get(Segments).update(t, params.id, body, ifMatch(headers))),
  }),
  remove: route.delete({
    path: '/api/v1/segments/:id',
    permission: 'segments:write',
    summary: 'Remove a segment',
    params: idParams,
    handler: ({ params, headers }, ctx) =>
      ctx.tx((t) => ctx.get(Segments).remove(t, params.id, ifMatch(headers))),
  }),
  restore: route.post({
    path: '/api/v1/segments/:id/restore',
    permission: 'segments:write',
    summary: 'Undo the removal of a segment',
    description: 'For 30 days. Its members are computed again, but those of static segments and snapshots.',
    params: idParams,
    response: Segment.row,
    handler: ({ params }, ctx) => ctx.tx((t) => ctx.get(Segments).restore(t, params.id)),
  }),
  uses: route.get({
    path: '/api/v1/segments/:id/uses',
    permission: 'segments:read',
    summary: 'What hangs on a segment, and keeps it from being removed',
    params: idParams,
    response: z.object({
      items: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() })),
    }),
    async handler({ params }, ctx) {
      await ctx.repo(Segment).get(params.id)
      return { items: [...(await usesOf(ctx, params.id))] }
    },
  }),
  preview: route.post({
    path: '/api/v1/segments/preview',
    permission: 'segments:read',
    summary: 'How many customers meet a condition, and some of them',
    description:
      'Answers within a second or so: exactly where it can be counted by then, else with an estimate that says how far it may be off. The count goes on: the same once more with `exact` waits for it. Another preview with the same `key` drops it (409), and so does closing the connection.',
    idempotency: 'ignored',
    body: z.strictObject({
      condition,
      sampleSize: z.number().int().min(0).max(100).default(10),
      key: z.string().min(1).max(100).optional().describe('Names the editor that asks'),
      exact: z.boolean().default(false).describe('Waits for the exact count, however long it takes'),
    }),
    response: z.object({
      count: z.number().int().describe('At the instant of `asOf`; an estimate where `estimate` says so'),
      estimate: estimate.nullable().describe('How far `count` may be off; null when it is exact'),
      share: z.number().min(0).max(1).describe('Of all customers'),
      sample: z.array(Customer.row).describe('Empty to whoever may not read customers'),
      warnings: z.array(warning).describe('Rules that may not mean what was meant'),
      asOf: timestampSchema,
    }),
    handler: ({ body }, ctx) =>
      ctx.get(Audience).preview(ctx, body.condition, {
        ...{ sampleSize: seesCustomers(ctx) ? body.sampleSize : 0, exact: body.exact },
        ...(body.key === undefined ? {} : { latest: `${ctx.actor.id}/${body.key}` }),
      }),
  }),
  evaluate: route.post({
    path: '/api/v1/segments/:id/evaluate',
    permission: 'segments:write',
    summary: 'Count the members now and keep the figure',
    // It counts on the lane for populations, which a transaction does not reach.
    idempotency: 'ignored',
    params: idParams,
    response: z.object({ count: z.number().int(), evaluatedAt: z.iso.datetime() }),
    handler: ({ params }, ctx) => ctx.get(Segments).evaluate(ctx, params.id),
  }),
  members: route.get({
    path: '/api/v1/segments/:id/members',
    permission: 'segments:read',
    summary: 'The customers in a segment, by the list protocol of customers',
    description: 'Needs `customers:read` as well.',
    params: idParams,
    query: listQuery(Customer),
    response: pageOf(Customer.row, membersPage),
    handler: ({ params, query }, ctx) => {
      requireCustomers(ctx)
      return membersSince(ctx, params.id, query)
    },
  }),
  exportMembers: route.get({
    path: '/api/v1/segments/:id/members.csv',
    permission: 'segments:read',
    summary: 'Export the customers in a segment as CSV',
    description:
      'As GET /api/v1/customers/export.csv, of the members alone: the same filters, sort, columns and file. Needs `customers:read` as well.',
    params: idParams,
    query: csvQuery(Customer),
    produces: 'text/csv',
    async handler({ params, query }, ctx) {
      requireCustomers(ctx)
      const where = await ctx.get(Segments).isMember(ctx, params.id)
      return csvReply(ctx, Customer, { ...query, where }, { segmentId: params.id })
    },
  }),
  explainCondition: route.post({
    path: '/api/v1/segments/explain',
    permission: 'segments:read',
    summary: 'Why a customer meets a condition that is not saved, or does not',
    description: 'It shows what was seen of them, so it needs `customers:read` as well.',
    idempotency: 'ignored',
    body: z.strictObject({ condition, customerId: uuidSchema }),
    response: z.object({ met: z.boolean(), explanation: z.looseObject({ met: z.boolean() }) }),
    async handler({ body }, ctx) {
      requireCustomers(ctx)
      const why = await ctx.get(Audience).explain(ctx, body.condition, body.customerId)
      return { met: why.met, explanation: why as never }
    },
  }),
  explain: route.get({
    path: '/api/v1/segments/:id/explain',
    permission: 'segments:read',
    summary: 'Why a customer is in a segment, or is not',
    description: 'It shows what was seen of them, so it needs `customers:read` as well.',
    params: idParams,
    query: z.strictObject({ customerId: uuidSchema }),
    response: explanation,
    handler: ({ params, query }, ctx) => {
      requireCustomers(ctx)
      return explainSegment(ctx, params.id, query.customerId) as never
    },
  }),
}
