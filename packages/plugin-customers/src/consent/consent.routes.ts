import { idParams, listQuery, pageOf, route, timestampSchema } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { consentStates } from './consent-answer.ts'
import { Consent, slug } from './consent.entity.ts'
import { Consents } from './consent.service.ts'

const newConsent = z.object({
  purpose: slug.describe('What for: marketing, profiling, or a purpose of the shop’s own'),
  channel: slug.nullable().default(null).describe('email, sms, …; null: every channel'),
  state: z.enum(consentStates),
  textVersion: z.string().max(200).nullable().default(null).describe('Which wording was shown'),
  via: slug.default('api').describe('Where it was said: form, api, double-opt-in'),
  at: timestampSchema.optional().describe('When it was said; now when left out'),
  ip: z.string().max(45).nullable().default(null).describe('Of the person, not of the caller'),
  proof: z.record(z.string(), z.json()).default({}).describe('Whatever else proves it'),
})

/** What a customer agreed to. */
export const consentRoutes = {
  listConsents: route.get({
    path: '/api/v1/consents',
    permission: 'consents:read',
    tags: ['customers'],
    summary: 'List consents of all customers; also those of erased ones, which name nobody',
    query: listQuery(Consent),
    response: pageOf(Consent.row),
    handler: ({ query }, ctx) => ctx.repo(Consent).list(query),
  }),
  consentsOf: route.get({
    path: '/api/v1/customers/:id/consents',
    permission: 'consents:read',
    tags: ['customers'],
    summary: 'What a customer agreed to and took back, the latest first',
    params: idParams,
    query: listQuery(Consent),
    response: pageOf(Consent.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Customer).get(params.id)
      const own = { field: 'customerId', operator: 'eq', value: params.id } as const
      const [first, ...others] = query.sort
      const byTime = first?.field === 'id' && others.length === 0
      const sort = byTime ? [{ field: 'at', direction: first.direction }, first] : query.sort
      return ctx.repo(Consent).list({ ...query, sort, filters: [...query.filters, own] })
    },
  }),
  recordConsent: route.post({
    path: '/api/v1/customers/:id/consents',
    permission: 'consents:write',
    tags: ['customers'],
    summary: 'Record what a customer agreed to, refused or took back',
    params: idParams,
    body: newConsent,
    response: Consent.row,
    status: 201,
    handler: ({ params, body }, ctx) =>
      ctx.tx((t) => t.get(Consents).record(t, { ...body, customerId: params.id })),
  }),
}
