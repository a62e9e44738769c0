import {
  defineJob,
  Files,
  handleJob,
  TenantContexts,
  TenantRows,
  type Ctx,
  type JobCtx,
} from '@clientele/core'
import * as z from 'zod'
import { TenantExport } from './tenant.entity.ts'

/** Writes all rows of a tenant into files, one for each kind: a JSON object a line. */
export const ExportTenant = defineJob('auth.exportTenant', z.object({ exportId: z.guid() }), {
  attempts: 3,
  concurrency: 1,
  timeoutMs: 24 * 3_600_000,
})

export const exportTenant = handleJob(ExportTenant, async ({ exportId }, ctx) => {
  const wanted = await ctx.repo(TenantExport).find(exportId)
  if (wanted?.state !== 'waiting') return
  const inTenant = ctx.get(TenantContexts).open(ctx, wanted.tenantId)
  const files: { name: string; fileId: string; rows: number }[] = []
  for (const entity of ctx.get(TenantRows).entities(ctx)) {
    const written = { rows: 0 }
    const name = `${entity}.ndjson`
    const { id: fileId } = await ctx.get(Files).put(
      inTenant,
      {
        name,
        contentType: 'application/x-ndjson',
        permission: 'tenants:manage',
        expiresAt: wanted.expiresAt,
      },
      linesOf(ctx, inTenant, entity, written),
    )
    files.push({ name, fileId, rows: written.rows })
    await ctx.progress(files.length)
  }
  await ctx.tx((t) => t.repo(TenantExport).patch(exportId, { state: 'done', files, finishedAt: t.now() }))
})

async function* linesOf(
  ctx: JobCtx,
  inTenant: Ctx,
  entity: string,
  written: { rows: number },
): AsyncIterable<string> {
  for await (const rows of ctx.get(TenantRows).read(inTenant, entity)) {
    ctx.signal.throwIfAborted()
    written.rows += rows.length
    yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  }
}
