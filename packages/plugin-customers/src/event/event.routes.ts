import { idParams, listQuery, pageOf, route, type ListQuery, type ListSort } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { Identity } from '../identity/identity.entity.ts'
import { CustomerEvent, EventDefinition } from './event.entity.ts'

const described = z.object({ description: z.string().max(2000).nullable() })
const events = { permission: 'events:read', tags: ['events'] } as const

/** What customers did, and the names it goes by. */
export const eventRoutes = {
  listEvents: route.get({
    ...events,
    path: '/api/v1/events',
    summary: 'List events',
    query: listQuery(CustomerEvent),
    response: pageOf(CustomerEvent.row),
    handler: ({ query }, ctx) => ctx.repo(CustomerEvent).list(query),
  }),
  getEvent: route.get({
    ...events,
    path: '/api/v1/events/:id',
    summary: 'Read an event',
    params: idParams,
    response: CustomerEvent.row,
    handler: ({ params }, ctx) => ctx.repo(CustomerEvent).get(params.id),
  }),
  listEventDefinitions: route.get({
    ...events,
    path: '/api/v1/event-definitions',
    summary: 'List the events that are known, by name',
    query: listQuery(EventDefinition),
    response: pageOf(EventDefinition.row),
    handler: ({ query }, ctx) => ctx.repo(EventDefinition).list(query),
  }),
  updateEventDefinition: route.patch({
    path: '/api/v1/event-definitions/:id',
    permission: 'events:write',
    tags: ['events'],
    summary: 'Say what an event means',
    params: idParams,
    body: described,
    response: EventDefinition.row,
    handler: ({ params, body }, ctx) => ctx.tx((t) => t.repo(EventDefinition).patch(params.id, body)),
  }),
  timeline: route.get({
    ...events,
    path: '/api/v1/customers/:id/timeline',
    summary: 'What a customer did, the latest first',
    params: idParams,
    query: listQuery(CustomerEvent),
    response: pageOf(CustomerEvent.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Customer).get(params.id)
      return ctx.repo(CustomerEvent).list({ ...of(query, params.id), sort: latestFirst(query.sort) })
    },
  }),
  findIdentities: route.get({
    path: '/api/v1/identities',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'Find customers by what they are known as: ?type=userId&value=42',
    query: listQuery(Identity),
    response: pageOf(Identity.row),
    handler: ({ query }, ctx) => ctx.repo(Identity).list(query),
  }),
  listIdentities: route.get({
    path: '/api/v1/customers/:id/identities',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'The ways a customer is known',
    params: idParams,
    query: listQuery(Identity),
    response: pageOf(Identity.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Customer).get(params.id)
      return ctx.repo(Identity).list(of(query, params.id))
    },
  }),
}

/** The same list, of one customer. */
function of(query: ListQuery, customerId: string): ListQuery {
  return { ...query, filters: [...query.filters, { field: 'customerId', operator: 'eq', value: customerId }] }
}

/** Where nothing else is asked for, by when it happened and not by when it arrived. */
function latestFirst(sort: readonly ListSort[]): readonly ListSort[] {
  if (sort.length > 1 || sort[0]?.field !== 'id') return sort
  const { direction } = sort[0]
  return [{ field: 'occurredAt', direction }, ...sort]
}
