import { crudRoutes, idParams, route } from '@clientele/core'
import { Audit } from './audit.entity.ts'
import { Audits } from './audit.service.ts'

export const auditRoutes = {
  ...crudRoutes(Audit, {
    path: '/api/v1/audits',
    read: 'audit:read',
    write: 'audit:write',
  }),
  close: route.post({
    path: '/api/v1/audits/:id/close',
    permission: 'audit:write',
    summary: 'Close an audit',
    params: idParams,
    response: Audit.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Audits).close(t, params.id)),
  }),
}
