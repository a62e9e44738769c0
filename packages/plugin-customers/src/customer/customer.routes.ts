import { crudRoutes, idParams, route, type ListInputOf, type Page, type Route } from '@clientele/core'
import * as z from 'zod'
import { Customer, type CustomerRow } from './customer.entity.ts'
import { byTag } from '../tag/by-tag.ts'
import { Customers } from './customer.service.ts'

const crud = crudRoutes(Customer, {
  path: '/api/v1/customers',
  read: 'customers:read',
  write: 'customers:write',
  extensions: 'registered',
  filters: byTag,
})

export const customerRoutes = {
  ...crud,
  // Typed callers may filter by tag too.
  list: crud.list as Route<
    { readonly query?: ListInputOf<typeof Customer> & { readonly tag?: string } },
    Page<CustomerRow>,
    'customers:read'
  >,
  details: route.get({
    path: '/api/v1/customers/:id/details',
    permission: 'customers:read',
    summary: 'A customer and what every plugin knows about them',
    params: idParams,
    response: z.object({
      customer: Customer.row,
      sections: z.record(z.string(), z.unknown()).describe('By plugin: orders, segments, …'),
    }),
    handler: ({ params }, ctx) => ctx.get(Customers).details(ctx, params.id),
  }),
  restore: route.post({
    path: '/api/v1/customers/:id/restore',
    permission: 'customers:write',
    summary: 'Undo the removal of a customer, for 30 days',
    params: idParams,
    response: Customer.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Customers).restore(t, params.id)),
  }),
}
