import { crudRoutes, idParams, route } from '@clientele/core'
import { Product } from './product.entity.ts'

export const productRoutes = {
  ...crudRoutes(Product, {
    path: '/api/v1/products',
    read: 'inventory:read',
    write: 'inventory:write',
    extensions: 'registered',
  }),
  restore: route.post({
    path: '/api/v1/products/:id/restore',
    permission: 'inventory:write',
    summary: 'Undo the removal of a product, for 30 days',
    params: idParams,
    response: Product.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.repo(Product).restore(params.id)),
  }),
}
