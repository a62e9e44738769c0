import { Audit } from '../audit/audit.ts'
import type { Ctx } from '../context/context.ts'
import { matchesNone } from '../http/etag.ts'
import { reply, type Reply } from '../http/route.ts'
import { attachmentOf } from './file-name.ts'
import type { StoredFile } from './file.entity.ts'
import { Files } from './files.ts'

type Headers = Readonly<Record<string, string | undefined>>

/**
 * Answers a file as a download: never shown in the page, never guessed at. Its hash is the `etag`; of a range
 * (`bytes=N-`) the rest is sent.
 */
export async function downloadOf(ctx: Ctx, file: StoredFile, headers: Headers): Promise<Reply<never>> {
  const etag = `"${file.sha256}"`
  if (matchesNone(headers, etag)) return reply<never>(null, { status: 304, headers: { etag } })
  const start = rangeOf(headers, etag)
  if (start !== null && start >= file.size)
    return reply<never>(null, { status: 416, headers: { 'content-range': `bytes */${file.size}` } })
  await ctx.get(Audit).record(ctx, { action: 'core.downloaded', entity: 'files', rowId: file.id })
  const { content } = await ctx.get(Files).open(ctx, file.id, { start: start ?? 0 })
  const range = start === null ? {} : { 'content-range': `bytes ${start}-${file.size - 1}/${file.size}` }
  return reply<never>(content, {
    status: start === null ? 200 : 206,
    headers: {
      'content-type': file.contentType,
      'content-length': String(file.size - (start ?? 0)),
      'content-disposition': attachmentOf(file.name),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag,
      ...range,
    },
  })
}

/** Where to begin; null for the whole file. Other forms of ranges may be ignored, and are. */
function rangeOf(headers: Headers, etag: string): number | null {
  const start = /^bytes=(\d{1,15})-$/.exec(headers['range']?.trim() ?? '')?.[1]
  const isOther = headers['if-range'] !== undefined && headers['if-range'] !== etag
  return start === undefined || isOther ? null : Number(start)
}
