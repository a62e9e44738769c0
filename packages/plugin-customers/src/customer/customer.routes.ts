import { crudRoutes, idParams, route } from '@clientele/core'
import * as z from 'zod'
import { Customer } from './customer.entity.ts'
import { Customers } from './customer.service.ts'

export const customerRoutes = {
  ...crudRoutes(Customer, {
    path: '/api/v1/customers',
    read: 'customers:read',
    write: 'customers:write',
    extensions: 'registered',
  }),
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
