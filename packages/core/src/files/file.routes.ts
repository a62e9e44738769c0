import * as z from 'zod'
import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { heldOnly } from '../http/held-only.ts'
import { idParams } from '../http/id-params.ts'
import { listQuery } from '../http/list-protocol.ts'
import { pageOf } from '../http/page.ts'
import { reply, route } from '../http/route.ts'
import { DEFAULT_MAX_BYTES, isExpired } from './create-files.ts'
import { downloadOf } from './download.ts'
import { FileEntity, type StoredFile } from './file.entity.ts'
import { filesErrors } from './files.errors.ts'
import { Files } from './files.ts'

/** The permission that uploads are read with. */
const READ = 'files:read'

/** Uploads and downloads. Everybody sees the files whose permission they hold, and no others. */
export const fileRoutes = {
  uploadFile: route.post({
    path: '/api/v1/files',
    permission: 'files:write',
    tags: ['files'],
    summary: 'Upload a file',
    description:
      'The body is the content as it is, of any content type, up to 2 GiB; it is written as it comes. Whoever has files:read may download it.',
    query: z.object({
      name: z.string().trim().min(1).max(255).default('file').describe('As a download is called'),
    }),
    consumes: '*/*',
    maxBodyBytes: DEFAULT_MAX_BYTES,
    response: FileEntity.row,
    status: 201,
    async handler({ query: { name }, headers, stream }, ctx) {
      const contentType = headers['content-type'] ?? 'application/octet-stream'
      if (/^multipart\//i.test(contentType)) throw filesErrors['files.is_form']({ name })
      const file = await ctx.get(Files).put(ctx, { name, contentType, permission: READ }, stream)
      return reply(file, { headers: { location: `/api/v1/files/${file.id}` } })
    },
  }),
  listFiles: route.get({
    path: '/api/v1/files',
    permission: 'authenticated',
    tags: ['files'],
    summary: 'List the files that you may download',
    query: listQuery(FileEntity),
    response: pageOf(FileEntity.row),
    handler: ({ query }, ctx) =>
      ctx.repo(FileEntity).list({ ...query, ...heldOnly(ctx, 'files.permission') }),
  }),
  getFile: route.get({
    path: '/api/v1/files/:id',
    permission: 'authenticated',
    tags: ['files'],
    summary: 'What is known of a file',
    params: idParams,
    response: FileEntity.row,
    handler: ({ params }, ctx) => visibleFile(ctx, params.id),
  }),
  downloadFile: route.get({
    path: '/api/v1/files/:id/content',
    permission: 'authenticated',
    tags: ['files'],
    summary: 'Download a file',
    description:
      'Always as an attachment. With "Range: bytes=N-" the rest from byte N on (206), to go on with a download that broke off.',
    params: idParams,
    produces: 'application/octet-stream',
    handler: async ({ params, headers }, ctx) => downloadOf(ctx, await visibleFile(ctx, params.id), headers),
  }),
  removeFile: route.delete({
    path: '/api/v1/files/:id',
    permission: 'files:write',
    tags: ['files'],
    summary: 'Remove a file',
    params: idParams,
    handler: async ({ params }, ctx) => {
      await visibleFile(ctx, params.id)
      await ctx.tx((t) => t.get(Files).remove(t, params.id))
    },
  }),
}

/**
 * The file, for those who hold its permission.
 * @throws `entity.not_found` for everybody else
 */
async function visibleFile(ctx: Ctx, id: string): Promise<StoredFile> {
  const file = await ctx.repo(FileEntity).get(id)
  if (ctx.can(file.permission) && !isExpired(ctx, file)) return file
  throw coreErrors['entity.not_found']({ entity: 'files', id })
}
