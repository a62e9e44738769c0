import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, temporaryFolder, type TestStorage } from '@clientele/testing'
import { describe, expect, test } from 'vitest'
import type { Ctx } from '../context/context.ts'
import type { Storage } from '../storage/storage.ts'
import { FileEntity } from './file.entity.ts'
import type { FilesDb } from './file-chunk.entity.ts'
import { PIECE_BYTES } from './file-store.ts'
import { removeExpiredFiles, removeOrphanBytes } from './file-upkeep.ts'
import { Files } from './files.ts'
import { storeOf } from './store-of.ts'

const DAY = 24 * 3_600_000

const places: Readonly<Record<string, () => Promise<TestStorage | Storage>>> = {
  'a folder beside SQLite': async () => 'sqlite',
  'rows of SQLite': async () =>
    Object.assign(sqlite(join(await temporaryFolder(), 'test.db')), { fileFolder: null }),
  'rows of PostgreSQL': async () => 'postgres',
}

describe.each(Object.keys(places))('files in %s', (place) => {
  const open = async () => {
    const t = await createTestClientele({ storage: await places[place]!(), plugins: [] })
    const { ctx } = t.as()
    return { t, ctx, files: ctx.get(Files) }
  }

  test('come back as they were stored, from any byte on', async () => {
    const { ctx, files } = await open()
    const bytes = randomBytes(PIECE_BYTES * 2 + 777)

    const file = await files.put(ctx, { name: 'a.bin', permission: 'files:read' }, inParts(bytes, 60_000))

    expect(file).toMatchObject({
      name: 'a.bin',
      contentType: 'application/octet-stream',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      expiresAt: null,
    })
    const starts = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES * 2 + 776, bytes.length]
    for (const start of starts) {
      const { content } = await files.open(ctx, file.id, { start })
      expect((await whole(content)).equals(bytes.subarray(start))).toBe(true)
    }
  })

  test('may be empty, and may come as text or in one large piece', async () => {
    const { ctx, files } = await open()
    const put = (content: AsyncIterable<Uint8Array | string>) =>
      files.put(ctx, { name: 'x', permission: 'files:read' }, content)
    const read = async (id: string) => whole((await files.open(ctx, id)).content)

    expect((await read((await put(parts([]))).id)).length).toBe(0)
    expect((await read((await put(parts(['h\u00e9', '', 'llo']))).id)).toString()).toBe('h\u00e9llo')
    const large = randomBytes(PIECE_BYTES * 5)
    expect((await read((await put(parts([large]))).id)).equals(large)).toBe(true)
  })

  test('that are too large, or break off, leave nothing', async () => {
    const { ctx, files } = await open()
    const bytes = randomBytes(PIECE_BYTES * 3)
    async function* broken() {
      yield bytes
      throw new Error('the client went away')
    }

    const tooLarge = files.put(
      ctx,
      { name: 'a', permission: 'files:read', maxBytes: bytes.length - 1 },
      parts([bytes]),
    )
    await expect(tooLarge).rejects.toMatchObject({ code: 'files.too_large', status: 413 })
    await expect(files.put(ctx, { name: 'a', permission: 'files:read' }, broken())).rejects.toThrow(
      'the client went away',
    )

    expect(await storedIds(ctx)).toEqual([])
    expect((await ctx.repo(FileEntity).list({ filters: [], sort: [], limit: 10 })).items).toEqual([])
  })

  test('are gone with their bytes once they are removed, and stay when that is undone', async () => {
    const { t, ctx, files } = await open()
    const { id } = await files.put(
      ctx,
      { name: 'a', permission: 'files:read' },
      parts([randomBytes(900_000)]),
    )

    await ctx
      .tx(async (tx) => {
        await files.remove(tx, id)
        throw new Error('undone')
      })
      .catch(() => {})
    await t.drain()
    expect((await whole((await files.open(ctx, id)).content)).length).toBe(900_000)

    await ctx.tx((tx) => files.remove(tx, id))
    await t.drain()

    await expect(files.open(ctx, id)).rejects.toMatchObject({ code: 'entity.not_found' })
    await expect(ctx.tx((tx) => files.remove(tx, id))).rejects.toMatchObject({ code: 'entity.not_found' })
    expect(await storedIds(ctx)).toEqual([])
  })

  test('of another tenant are not there, and their bytes are not under the same id', async () => {
    const { t, files } = await open2()
    const [a, b] = [t.as({ tenantId: 'a' }).ctx, t.as({ tenantId: 'b' }).ctx]
    const file = await files.put(a, { name: 'a', permission: 'files:read' }, parts(['secret of a']))

    await expect(files.open(b, file.id)).rejects.toMatchObject({ code: 'entity.not_found' })
    await expect(b.tx((tx) => files.remove(tx, file.id))).rejects.toMatchObject({ code: 'entity.not_found' })
    // Past the row: the bytes themselves are the tenant's.
    const reading = async () => whole(await storeOf(b).read(b, file, 0))
    await expect(reading()).rejects.toMatchObject({ code: 'files.lost' })
    await storeOf(b).remove(b, file.id)
    expect((await whole((await files.open(a, file.id)).content)).toString()).toBe('secret of a')
  })

  test('whose bytes are gone say so', async () => {
    const { ctx, files } = await open()
    const file = await files.put(
      ctx,
      { name: 'a.csv', permission: 'files:read' },
      parts([randomBytes(PIECE_BYTES * 2)]),
    )

    await storeOf(ctx).remove(ctx, file.id)

    await expect(files.open(ctx, file.id)).rejects.toMatchObject({
      code: 'files.lost',
      message: expect.stringContaining(`Cannot read the file "a.csv" (${file.id})`) as string,
    })
  })

  test('that have expired are not there, and the upkeep removes them', async () => {
    const { t, ctx, files } = await open()
    const put = (expiresAt: string | null) =>
      files.put(ctx, { name: 'a', permission: 'files:read', expiresAt }, parts(['x']))
    const soon = await put('2026-01-16T00:00:00.000Z')
    const late = await put('2026-03-01T00:00:00.000Z')
    const never = await put(null)
    t.clock.advance(DAY)

    await expect(files.open(ctx, soon.id)).rejects.toMatchObject({ code: 'entity.not_found' })
    expect(await removeExpiredFiles(ctx)).toBe(1)
    await t.drain()

    expect(await storedIds(ctx)).toEqual([late.id, never.id].toSorted())
  })

  test('that a crash kept from getting their row are removed after a day, and no others', async () => {
    const { t, ctx, files } = await open()
    // Files are dated by the machine, rows by the clock of the test.
    t.clock.set('2040-01-01T00:00:00.000Z')
    const file = await files.put(ctx, { name: 'a', permission: 'files:read' }, parts(['x']))
    const orphan = ctx.newId()
    await storeOf(ctx).write(ctx, orphan, parts([randomBytes(3)]) as AsyncIterable<Uint8Array>)
    const foreign = t.as()
    expect(await storedIds(ctx)).toEqual([file.id, orphan].toSorted())

    t.clock.advance(2 * DAY)
    expect(await removeOrphanBytes(foreign.ctx)).toBe(1)

    expect(await storedIds(ctx)).toEqual([file.id])
    expect((await whole((await files.open(ctx, file.id)).content)).toString()).toBe('x')
  })

  test('are not taken within a transaction', async () => {
    const { ctx, files } = await open()

    const put = ctx.tx((t) => files.put(t, { name: 'a', permission: 'files:read' }, parts(['x'])))

    await expect(put).rejects.toMatchObject({ code: 'files.in_transaction' })
  })

  const open2 = async () => {
    const t = await createTestClientele({
      storage: await places[place]!(),
      plugins: [],
      tenancy: { mode: 'multi' },
    })
    return { t, files: t.as({ tenantId: 'a' }).get(Files) }
  }
})

describe('the folder', () => {
  test('is for its owner only, and holds one file each under its tenant', async () => {
    const t = await createTestClientele({ plugins: [] })
    const { ctx } = t.as()
    const file = await ctx.get(Files).put(ctx, { name: '../../x', permission: 'files:read' }, parts(['x']))

    const folder = t.storage.fileFolder!
    const names = await readdir(folder, { recursive: true })

    expect(names.toSorted()).toEqual(
      ['default', join('default', file.id.slice(-2)), join('default', file.id.slice(-2), file.id)].toSorted(),
    )
    expect(file.name).toBe('....x')
  })

  test('is left by no id and no tenant', async () => {
    const t = await createTestClientele({ plugins: [] })
    const { ctx } = t.as()
    const store = storeOf(ctx)
    const content = () => parts([Buffer.from('x')]) as AsyncIterable<Uint8Array>
    const ids = ['../../x', '..', '', 'x', '0199a0c1-0000-7000-8000-000000000000/../../x', '\0']
    const tenants = ['..', '../x', '', '*', 'A', 'a/b', 'a\0']

    for (const id of ids) await expect(store.write(ctx, id, content())).rejects.toThrow('no id of a file')
    for (const tenantId of tenants) {
      const wrong = { tenantId } as Ctx
      await expect(store.write(wrong, ctx.newId(), content())).rejects.toThrow('belong to a tenant')
    }
    expect(existsSync(t.storage.fileFolder!)).toBe(false)
  })

  test('notices a file that was cut short', async () => {
    const t = await createTestClientele({ plugins: [] })
    const { ctx } = t.as()
    const files = ctx.get(Files)
    const { id } = await files.put(ctx, { name: 'a', permission: 'files:read' }, parts(['0123456789']))
    await truncate(join(t.storage.fileFolder!, 'default', id.slice(-2), id), 4)

    await expect(files.open(ctx, id)).rejects.toThrow('its bytes are 4 instead of 10')
  })
})

test('rows notice a piece that is missing in the middle', async () => {
  const storage = Object.assign(sqlite(join(await temporaryFolder(), 'test.db')), { fileFolder: null })
  const t = await createTestClientele({ storage, plugins: [] })
  const { ctx } = t.as()
  const files = ctx.get(Files)
  const { id } = await files.put(
    ctx,
    { name: 'a', permission: 'files:read' },
    parts([randomBytes(PIECE_BYTES * 3)]),
  )
  await ctx.tx((tx) =>
    tx.projection('a test loses a piece', (db: FilesDb) =>
      db.deleteFrom('fileChunks').where('id', '=', id).where('beginsAt', '=', PIECE_BYTES).execute(),
    ),
  )

  const { content } = await files.open(ctx, id)

  await expect(whole(content)).rejects.toMatchObject({ code: 'files.lost' })
})

/** What the store holds, whether or not a row names it. */
async function storedIds(ctx: Ctx): Promise<string[]> {
  const ids: string[] = []
  for await (const portion of storeOf(ctx).olderThan(ctx, '9999-01-01T00:00:00.000Z')) ids.push(...portion)
  return ids.toSorted()
}

async function* parts(all: readonly (Uint8Array | string)[]): AsyncIterable<Uint8Array | string> {
  yield* all
}

async function* inParts(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of content) all.push(piece)
  return Buffer.concat(all)
}

/** The same in every run. */
function randomBytes(length: number): Buffer {
  let state = length
  return Buffer.from(Array.from({ length }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24))
}
