import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { audit } from '../audit.plugin.ts'
import { AuditTrail } from '../entry/entry.service.ts'
import { Note, notes, user } from '../notes.fixture.ts'
import { lockHead } from './head.ts'

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [notes(), audit()] })
  type Shop = Awaited<ReturnType<typeof open>>
  const write = (shop: Shop, name: string) =>
    shop.as({ actor: user(name) }).tx((t) => t.repo(Note).insert({ mark: { name } }))
  const order = (shop: Shop) =>
    shop
      .as()
      .db.selectFrom('auditSeals')
      .innerJoin('auditEntries', 'auditEntries.id', 'auditSeals.entryId')
      .select(['auditSeals.seq', 'auditEntries.actorId'])
      .orderBy('auditSeals.seq')
      .execute()

  test('200 writers at once and sealers among them make one chain without a fork', async () => {
    const shop = await open()
    const { ctx } = shop.as()
    const trail = ctx.get(AuditTrail)
    const progress = { left: 200 }
    const writers = Array.from({ length: 200 }, async (_, i) => {
      await write(shop, `user-${i}`)
      progress.left--
    })
    const sealers = Array.from({ length: 4 }, async () => {
      while (progress.left > 0) await trail.seal(ctx)
    })
    await Promise.all([...writers, ...sealers])
    await trail.seal(ctx)
    const sealed = await order(shop)
    expect(sealed.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(new Set(sealed.map(({ actorId }) => actorId)).size).toBe(200)
    expect(await trail.verify(ctx)).toMatchObject({ entries: 200, pending: 0, problems: [] })
  })

  test('what is written is numbered by the job that comes every two seconds', async () => {
    const shop = await open()
    await shop.drain()
    await write(shop, 'ana')
    shop.clock.advance('2s')
    await shop.drain()
    expect(await order(shop)).toEqual([{ seq: 1, actorId: 'ana' }])
  })
})

// On SQLite there is one writer at a time, whatever it writes: a sealer holds the lock for a slice of 200 entries.
test('on postgres writers commit while a sealer holds its lock, and while other writers are open', async () => {
  const shop = await createTestClientele({ storage: 'postgres', plugins: [notes(), audit()] })
  const { ctx, tx } = shop.as()
  const trail = ctx.get(AuditTrail)
  const write = (name: string) => shop.as({ actor: user(name) }).tx((t) => t.repo(Note).insert({}))
  const order = async () =>
    (
      await shop
        .as()
        .db.selectFrom('auditSeals')
        .innerJoin('auditEntries', 'auditEntries.id', 'auditSeals.entryId')
        .select('auditEntries.actorId')
        .orderBy('auditSeals.seq')
        .execute()
    ).map(({ actorId }) => actorId)

  const sealer = Promise.withResolvers<void>()
  const sealerHolds = Promise.withResolvers<void>()
  const held = tx(async (t) => {
    await lockHead(t)
    sealerHolds.resolve()
    await sealer.promise
  })
  await sealerHolds.promise
  const slow = Promise.withResolvers<void>()
  const slowHasWritten = Promise.withResolvers<void>()
  const slowWriter = shop.as({ actor: user('slow') }).tx(async (t) => {
    await t.repo(Note).insert({})
    slowHasWritten.resolve()
    await slow.promise
  })
  await slowHasWritten.promise

  // Both are open, and this one does not wait for either.
  await write('quick')

  sealer.resolve()
  await held
  await trail.seal(ctx)
  expect(await order()).toEqual(['quick'])
  slow.resolve()
  await slowWriter
  await trail.seal(ctx)
  expect(await order()).toEqual(['quick', 'slow'])
  expect((await trail.verify(ctx)).problems).toEqual([])
})
