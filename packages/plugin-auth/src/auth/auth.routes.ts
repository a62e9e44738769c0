import { crudRoutes, idParams, route } from '@clientele/core'
import { Auth } from './auth.entity.ts'
import { Auths } from './auth.service.ts'

export const authRoutes = {
  ...crudRoutes(Auth, {
    path: '/api/v1/auths',
    read: 'auth:read',
    write: 'auth:write',
  }),
  close: route.post({
    path: '/api/v1/auths/:id/close',
    permission: 'auth:write',
    summary: 'Close an auth',
    params: idParams,
    response: Auth.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Auths).close(t, params.id)),
  }),
}
