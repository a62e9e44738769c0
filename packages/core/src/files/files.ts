import type { Ctx, Tx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { StoredFile } from './file.entity.ts'

/** A file to be stored. */
export interface NewFile {
  /** As a download is called; path separators and control characters are taken out. */
  readonly name: string
  /** @default 'application/octet-stream' */
  readonly contentType?: string
  /** Whoever holds this permission may download it: `customers:read`. */
  readonly permission: string
  /** When it may be removed. @default never */
  readonly expiresAt?: Timestamp | null
  /** @throws `files.too_large` past it @default 2 GiB */
  readonly maxBytes?: number
}

/**
 * Files of a tenant: uploads, error files, exports. The bytes lie in a folder beside the SQLite file, or as chunk rows
 * in the database where there is no such place. Both behave the same: a file is there whole or not at all.
 */
export interface Files {
  /**
   * Stores a stream. The bytes are on disk before the row is committed; a crash in between leaves at most bytes that
   * nobody names, which the maintenance removes. Not inside a transaction: the bytes may take long to come.
   * @throws `files.too_large`
   */
  put(ctx: Ctx, file: NewFile, content: AsyncIterable<Uint8Array | string>): Promise<StoredFile>
  /**
   * The bytes from `start` (default 0) on, in pieces. Opening a large file takes no memory for it.
   * @throws `entity.not_found`, `files.lost` when the bytes are gone
   */
  open(
    ctx: Ctx,
    id: string,
    options?: { readonly start?: number },
  ): Promise<{ readonly file: StoredFile; readonly content: AsyncIterable<Uint8Array> }>
  /** Removes the row; the bytes go with it or soon after. @throws `entity.not_found` */
  remove(t: Tx, id: string): Promise<void>
}

/** The file port. A host may override it (`overrides`) to keep files elsewhere. */
export const Files = defineService<Files>('core.files')
