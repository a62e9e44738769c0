import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Ctx } from '../context/context.ts'
import { isTenantId } from '../context/tenant-id.ts'
import { fromTimestamp } from '../ports/clock.ts'
import type { StoredFile } from './file.entity.ts'
import { PARTIAL, PIECE_BYTES, type FileStore } from './file-store.ts'
import { filesErrors } from './files.errors.ts'

const PORTION = 500

/** Files in a folder of this machine, for their owner only: `<folder>/<tenant>/<xx>/<id>`. */
export function folderStore(folder: string): FileStore {
  return {
    async write({ tenantId }, id, pieces) {
      const path = pathOf(folder, tenantId, id)
      const partial = path + PARTIAL
      await makeFolder(dirname(path))
      try {
        await writeWhole(partial, pieces)
        await rename(partial, path)
        await syncFolder(dirname(path))
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
    async read({ tenantId }, file, start) {
      const path = pathOf(folder, tenantId, file.id)
      const found = await stat(path).catch(nullIfMissing)
      if (found?.size !== file.size) {
        const missing = found ? `its bytes are ${found.size} instead of ${file.size}` : `${path} is not there`
        throw filesErrors['files.lost']({ id: file.id, name: file.name, missing })
      }
      return readFrom(path, file, start)
    },
    async remove({ tenantId }, id) {
      const path = pathOf(folder, tenantId, id)
      await rm(path, { force: true })
      await rm(path + PARTIAL, { force: true })
    },
    async *olderThan({ tenantId }: Ctx, before) {
      let portion: string[] = []
      for await (const { id, modifiedMs } of filesOf(join(folder, safeTenant(tenantId)))) {
        if (modifiedMs >= fromTimestamp(before)) continue
        portion.push(id)
        if (portion.length < PORTION) continue
        yield portion
        portion = []
      }
      if (portion.length > 0) yield portion
    },
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** The last digits of an id differ at random, so they spread the files. */
function pathOf(folder: string, tenantId: string, id: string): string {
  if (!UUID.test(id)) throw new TypeError(`"${id}" is no id of a file`)
  return join(folder, safeTenant(tenantId), id.slice(-2), id)
}

function safeTenant(tenantId: string): string {
  if (isTenantId(tenantId)) return tenantId
  throw new TypeError(`Files belong to a tenant, and "${tenantId}" is none`)
}

async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.byteLength;) {
        const { bytesWritten } = await file.write(piece, at)
        at += bytesWritten
      }
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

async function* readFrom(path: string, file: StoredFile, start: number): AsyncIterable<Uint8Array> {
  if (start >= file.size) return
  try {
    yield* createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw filesErrors['files.lost'](
      { id: file.id, name: file.name, missing: `${path} is not there` },
      { cause },
    )
  }
}

/** A new folder is on disk only when the one that holds it is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing, and needs none.
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

interface FoundFile {
  readonly id: string
  readonly modifiedMs: number
}

async function* filesOf(tenantFolder: string): AsyncIterable<FoundFile> {
  const spread = await opendir(tenantFolder).catch(nullIfMissing)
  if (!spread) return
  for await (const part of spread) {
    if (!part.isDirectory()) continue
    for await (const entry of await opendir(join(tenantFolder, part.name))) {
      const id = basename(entry.name, PARTIAL)
      if (!entry.isFile() || !UUID.test(id)) continue
      const found = await stat(join(tenantFolder, part.name, entry.name)).catch(nullIfMissing)
      if (found) yield { id, modifiedMs: found.mtimeMs }
    }
  }
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null
  throw error
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
