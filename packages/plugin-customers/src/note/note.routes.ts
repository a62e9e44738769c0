import { crudRoutes, idParams, listQuery, pageOf, route } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { CustomerNote } from './note.entity.ts'

const words = z.object({ text: z.string().trim().min(1).max(10_000) })

const crud = crudRoutes(CustomerNote, {
  path: '/api/v1/customer-notes',
  read: 'customers:read',
  write: 'customers:write',
  only: ['list', 'get', 'remove'],
})

/** What people write down about customers: whoever writes is the author, for good. */
export const noteRoutes = {
  listNotes: crud.list,
  getNote: crud.get,
  removeNote: crud.remove,
  updateNote: route.patch({
    path: '/api/v1/customer-notes/:id',
    permission: 'customers:write',
    tags: ['customers'],
    summary: 'Change the text of a note; its author stays',
    params: idParams,
    body: words,
    response: CustomerNote.row,
    handler: ({ params, body }, ctx) => ctx.tx((t) => t.repo(CustomerNote).patch(params.id, body)),
  }),
  listCustomerNotes: route.get({
    path: '/api/v1/customers/:id/notes',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'The notes about a customer, the latest first',
    params: idParams,
    query: listQuery(CustomerNote),
    response: pageOf(CustomerNote.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Customer).get(params.id)
      const own = { field: 'customerId', operator: 'eq', value: params.id } as const
      return ctx.repo(CustomerNote).list({ ...query, filters: [...query.filters, own] })
    },
  }),
  addNote: route.post({
    path: '/api/v1/customers/:id/notes',
    permission: 'customers:write',
    tags: ['customers'],
    summary: 'Write a note about a customer',
    params: idParams,
    body: words,
    response: CustomerNote.row,
    status: 201,
    handler: ({ params, body }, ctx) =>
      ctx.tx(async (t) => {
        await t.lock(Customer, [params.id])
        await t.repo(Customer).get(params.id)
        const { kind, id } = t.actor
        return t
          .repo(CustomerNote)
          .insert({ ...body, customerId: params.id, authorKind: kind, authorId: id.slice(0, 200) })
      }),
  }),
}
