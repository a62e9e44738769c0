import { idParams } from '../http/id-params.ts'
import { listQuery } from '../http/list-protocol.ts'
import { pageOf } from '../http/page.ts'
import { reply, route } from '../http/route.ts'
import { errorFile } from './error-file.ts'
import { Import } from './import.entity.ts'
import { cancelImport, getImport, listImports, undoImportOf } from './import.service.ts'

const one = {
  permission: 'authenticated',
  tags: ['imports'],
  params: idParams,
  response: Import.row,
} as const

/** Imports of every entity. Whoever may not write an entity does not see its imports. */
export const importRoutes = {
  listImports: route.get({
    path: '/api/v1/imports',
    permission: 'authenticated',
    tags: ['imports'],
    summary: 'List imports into what you may write',
    query: listQuery(Import),
    response: pageOf(Import.row),
    handler: ({ query }, ctx) => listImports(ctx, query),
  }),
  getImport: route.get({
    ...one,
    path: '/api/v1/imports/:id',
    summary: 'How far an import is, and what became of its rows',
    handler: ({ params }, ctx) => getImport(ctx, params.id),
  }),
  cancelImport: route.post({
    ...one,
    path: '/api/v1/imports/:id/cancel',
    summary: 'End an import; what it has imported stays, and can be undone',
    handler: ({ params }, ctx) => cancelImport(ctx, params.id),
  }),
  undoImport: route.post({
    ...one,
    path: '/api/v1/imports/:id/undo',
    summary: 'Take an import back; rows that were changed since are kept',
    status: 202,
    handler: ({ params }, ctx) => undoImportOf(ctx, params.id),
  }),
  importErrors: route.get({
    path: '/api/v1/imports/:id/errors',
    permission: 'authenticated',
    tags: ['imports'],
    summary: 'The refused rows of an import as CSV, to be corrected and imported again',
    params: idParams,
    produces: 'text/csv',
    async handler({ params }, ctx) {
      const row = await getImport(ctx, params.id)
      return reply<never>(errorFile(ctx, row), {
        headers: {
          'content-disposition': `attachment; filename="import-${row.id}-errors.csv"`,
          'content-type': 'text/csv; charset=utf-8',
          'x-content-type-options': 'nosniff',
        },
      })
    },
  }),
}
