import { idParams, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { tagName } from './tag.entity.ts'
import { Tags } from './tag.service.ts'

/** Tags in one request. */
const MOST_TAGS = 50
/** Customers in one request. */
const MOST_CUSTOMERS = 1000

const changes = {
  add: z.array(tagName).max(MOST_TAGS).default([]).describe('Tags to put on'),
  remove: z.array(tagName).max(MOST_TAGS).default([]).describe('Tags to take off'),
}
const tagsOf = z.object({ tags: z.array(z.string()).describe('By the alphabet') })

/** Words on customers. `GET /api/v1/customers?tag=vip` lists those who have one. */
export const tagRoutes = {
  listTags: route.get({
    path: '/api/v1/tags',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'The tags in use, with the number of customers',
    response: z.object({ items: z.array(z.object({ name: z.string(), customers: z.number().int() })) }),
    handler: async (_, ctx) => ({ items: [...(await ctx.get(Tags).all(ctx))] }),
  }),
  changeTagsOfMany: route.post({
    path: '/api/v1/tags',
    permission: 'customers:write',
    tags: ['customers'],
    summary: 'Put tags on many customers, and take some off: all or none',
    body: z.object({ customerIds: z.array(uuidSchema).min(1).max(MOST_CUSTOMERS), ...changes }),
    response: z.object({ added: z.number().int(), removed: z.number().int() }),
    handler: ({ body }, ctx) => ctx.tx((t) => t.get(Tags).change(t, body.customerIds, body)),
  }),
  listCustomerTags: route.get({
    path: '/api/v1/customers/:id/tags',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'The tags of a customer',
    params: idParams,
    response: tagsOf,
    async handler({ params }, ctx) {
      await ctx.repo(Customer).get(params.id)
      return { tags: [...(await ctx.get(Tags).of(ctx, params.id))] }
    },
  }),
  changeTags: route.post({
    path: '/api/v1/customers/:id/tags',
    permission: 'customers:write',
    tags: ['customers'],
    summary: 'Put tags on a customer, and take some off',
    params: idParams,
    body: z.object(changes),
    response: tagsOf,
    handler: ({ params, body }, ctx) =>
      ctx.tx(async (t) => {
        await t.repo(Customer).get(params.id)
        await t.get(Tags).change(t, [params.id], body)
        return { tags: [...(await t.get(Tags).of(t, params.id))] }
      }),
  }),
}
