import type { Ctx } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { StoredFile } from './file.entity.ts'

/** Where the bytes of files lie, by the id of their file and always within the tenant of the context. */
export interface FileStore {
  /** Takes pieces of at most {@link PIECE_BYTES}; when it resolves they are on disk, when it rejects they are gone. */
  write(ctx: Ctx, id: string, pieces: AsyncIterable<Uint8Array>): Promise<void>
  /**
   * The bytes from `start` on. Nothing is held open before somebody reads.
   * @throws `files.lost` at once where they are not all there, else while reading
   */
  read(ctx: Ctx, file: StoredFile, start: number): Promise<AsyncIterable<Uint8Array>>
  /** What is gone already is no error. */
  remove(ctx: Ctx, id: string): Promise<void>
  /** Ids of what was written before an instant, in portions; also what a crash left half written. */
  olderThan(ctx: Ctx, before: Timestamp): AsyncIterable<readonly string[]>
}

/** Ends the name of a file in a folder while it is still being written. */
export const PARTIAL = '.part'

/** How much of a file is in memory at once. */
export const PIECE_BYTES = 256 * 1024
