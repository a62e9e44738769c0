import type { Ctx } from '../context/context.ts'
import { slicesById } from '../entity/slices.ts'
import type { StoredFile } from './file.entity.ts'
import type { FilesDb } from './file-chunk.entity.ts'
import type { FileStore } from './file-store.ts'
import { filesErrors } from './files.errors.ts'

/** Bytes that one statement removes: much of it at once would keep others from writing. */
const REMOVED_AT_ONCE = 32

const PORTION = 500

/** Files as rows of the database, a piece each. Each piece is a transaction of its own. */
export const chunkStore: FileStore = {
  async write(ctx, id, pieces) {
    let beginsAt = 0
    try {
      for await (const bytes of pieces) {
        await ctx.tx((t) =>
          t.projection('the bytes of a file are not read by anybody who looks at changes', (db: FilesDb) =>
            db.insertInto('fileChunks').values({ id, beginsAt, writtenAt: t.now(), bytes }).execute(),
          ),
        )
        beginsAt += bytes.byteLength
      }
    } catch (error) {
      // What cannot be removed now, the upkeep removes later: the reason of the failure is worth more.
      await chunkStore.remove(ctx, id).catch(() => {})
      throw error
    }
  },

  async read(ctx, file, start) {
    const first = await chunkAt(ctx, file, start)
    return readFrom(ctx, file, { start, first })
  },

  async remove(ctx, id) {
    for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE;) {
      removed = await ctx.tx((t) =>
        t.projection('the bytes of a file that is gone', async (db: FilesDb) => {
          const places = await db
            .selectFrom('fileChunks')
            .select('beginsAt')
            .where('id', '=', id)
            // From the end: the upkeep finds what is left by its beginning.
            .orderBy('beginsAt', 'desc')
            .limit(REMOVED_AT_ONCE)
            .execute()
          const first = places.at(-1)
          if (!first) return 0
          await db
            .deleteFrom('fileChunks')
            .where('id', '=', id)
            .where('beginsAt', '>=', first.beginsAt)
            .execute()
          return places.length
        }),
      )
    }
  },

  async *olderThan(ctx, before) {
    const first = (ctx.db as FilesDb)
      .selectFrom('fileChunks')
      .select('id')
      .where('beginsAt', '=', 0)
      .where('writtenAt', '<', before)
    for await (const found of slicesById(first, PORTION, (query) => ctx.population.run(query)))
      yield found.map(({ id }) => id)
  },
}

type Chunk = { readonly beginsAt: number; readonly bytes: Uint8Array }

/** The piece that holds the byte; null behind the last one. */
async function chunkAt(ctx: Ctx, file: StoredFile, place: number): Promise<Chunk | null> {
  if (place >= file.size) return null
  const chunk = await (ctx.db as FilesDb)
    .selectFrom('fileChunks')
    .select(['beginsAt', 'bytes'])
    .where('id', '=', file.id)
    .where('beginsAt', '<=', place)
    .orderBy('beginsAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (chunk && chunk.beginsAt + chunk.bytes.byteLength > place) return chunk
  throw filesErrors['files.lost']({
    id: file.id,
    name: file.name,
    missing: `its byte ${place} of ${file.size} is not in the database`,
  })
}

async function* readFrom(
  ctx: Ctx,
  file: StoredFile,
  { start, first }: { readonly start: number; readonly first: Chunk | null },
): AsyncIterable<Uint8Array> {
  let place = start
  for (let chunk = first; chunk; chunk = await chunkAt(ctx, file, place)) {
    yield chunk.bytes.subarray(place - chunk.beginsAt)
    place = chunk.beginsAt + chunk.bytes.byteLength
  }
}
