import { createHash } from 'node:crypto'
import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { isTransaction } from '../kernel/runtime.ts'
import { cleanContentType, cleanFileName } from './file-name.ts'
import { FileEntity, type StoredFile } from './file.entity.ts'
import { PIECE_BYTES } from './file-store.ts'
import { filesErrors } from './files.errors.ts'
import type { Files, NewFile } from './files.ts'
import { inPieces } from './pieces.ts'
import { RemoveBytes } from './remove-bytes.jobs.ts'
import { storeOf } from './store-of.ts'

/** What a file may have at most unless its caller says otherwise: 2 GiB. */
export const DEFAULT_MAX_BYTES = 2 * 1024 ** 3

/** The file port of the core. */
export function createFiles(): Files {
  return {
    async put(ctx, file, content) {
      const name = cleanFileName(file.name)
      if (isTransaction(ctx)) throw filesErrors['files.in_transaction']({ name })
      const id = ctx.newId()
      const measured = new Measured(content, { name, maxBytes: file.maxBytes ?? DEFAULT_MAX_BYTES })
      await storeOf(ctx).write(ctx, id, inPieces(measured, PIECE_BYTES))
      return ctx.tx((t) => t.repo(FileEntity).insert(rowOf(file, { id, name, measured })))
    },
    async open(ctx, id, { start = 0 } = {}) {
      const file = await ctx.repo(FileEntity).get(id)
      if (isExpired(ctx, file)) throw coreErrors['entity.not_found']({ entity: 'files', id })
      return { file, content: await storeOf(ctx).read(ctx, file, start) }
    },
    async remove(t, id) {
      await t.repo(FileEntity).remove(id)
      await t.enqueue(RemoveBytes, { id })
    },
  }
}

/** Expired files are as good as gone, whether or not the upkeep has come by. */
export function isExpired(ctx: Ctx, { expiresAt }: StoredFile): boolean {
  return expiresAt !== null && expiresAt <= ctx.now()
}

function rowOf(file: NewFile, { id, name, measured }: { id: string; name: string; measured: Measured }) {
  return {
    id,
    name,
    contentType: cleanContentType(file.contentType),
    size: measured.size,
    sha256: measured.sha256(),
    permission: file.permission,
    expiresAt: file.expiresAt ?? null,
  }
}

/** Counts and hashes what passes, and lets no more pass than is allowed. */
class Measured implements AsyncIterable<Uint8Array> {
  size = 0
  readonly #hash = createHash('sha256')
  readonly #content: AsyncIterable<Uint8Array | string>
  readonly #limit: { readonly name: string; readonly maxBytes: number }

  constructor(
    content: AsyncIterable<Uint8Array | string>,
    limit: { readonly name: string; readonly maxBytes: number },
  ) {
    this.#content = content
    this.#limit = limit
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for await (const part of this.#content) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      this.size += bytes.byteLength
      if (this.size > this.#limit.maxBytes) throw filesErrors['files.too_large'](this.#limit)
      this.#hash.update(bytes)
      yield bytes
    }
  }

  sha256(): string {
    return this.#hash.digest('hex')
  }
}
