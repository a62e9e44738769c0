import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { downloadOf } from '../files/download.ts'
import { FileEntity } from '../files/file.entity.ts'
import { heldOnly } from '../http/held-only.ts'
import { idParams } from '../http/id-params.ts'
import { listQuery } from '../http/list-protocol.ts'
import { pageOf } from '../http/page.ts'
import { route } from '../http/route.ts'
import { ExportEntity, type ExportRow } from './export.entity.ts'
import { exportErrors } from './export.errors.ts'
import { Exports } from './exports.ts'

/** Exports of all entities. Everybody sees those of rows that they may read, and no others. */
export const exportsRoutes = {
  listExports: route.get({
    path: '/api/v1/exports',
    permission: 'authenticated',
    tags: ['exports'],
    summary: 'List the exports of rows that you may read',
    query: listQuery(ExportEntity),
    response: pageOf(ExportEntity.row),
    handler: ({ query }, ctx) =>
      ctx.repo(ExportEntity).list({ ...query, ...heldOnly(ctx, 'exports.permission') }),
  }),
  getExport: route.get({
    path: '/api/v1/exports/:id',
    permission: 'authenticated',
    tags: ['exports'],
    summary: 'How far an export is',
    params: idParams,
    response: ExportEntity.row,
    handler: ({ params }, ctx) => visibleExport(ctx, params.id),
  }),
  cancelExport: route.post({
    path: '/api/v1/exports/:id/cancel',
    permission: 'authenticated',
    tags: ['exports'],
    summary: 'Cancel an export that waits or runs',
    params: idParams,
    response: ExportEntity.row,
    async handler({ params }, ctx) {
      await visibleExport(ctx, params.id)
      return ctx.tx((t) => t.get(Exports).cancel(t, params.id))
    },
  }),
  downloadExport: route.get({
    path: '/api/v1/exports/:id/content',
    permission: 'authenticated',
    tags: ['exports'],
    summary: 'Download the file of an export',
    description: 'As GET /api/v1/files/{id}/content of its fileId. 409 until the export is done.',
    params: idParams,
    produces: 'text/csv',
    async handler({ params, headers }, ctx) {
      const { id, state, fileId } = await visibleExport(ctx, params.id)
      if (fileId === null) throw exportErrors['export.not_done']({ id, state })
      return downloadOf(ctx, await ctx.repo(FileEntity).get(fileId), headers)
    },
  }),
}

/**
 * The export, for those who may read its rows.
 * @throws `entity.not_found` for everybody else
 */
async function visibleExport(ctx: Ctx, id: string): Promise<ExportRow> {
  const row = await ctx.repo(ExportEntity).get(id)
  if (ctx.can(row.permission)) return row
  throw coreErrors['entity.not_found']({ entity: 'exports', id })
}
