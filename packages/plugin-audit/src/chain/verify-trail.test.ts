import type { Ctx } from '@clientele/core'
import { createTestClientele, eachStorage, seededRandom, type SeededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { Kysely } from 'kysely'
import { audit } from '../audit.plugin.ts'
import { AuditSettings } from '../audit.settings.ts'
import type { AuditTables } from '../audit.tables.ts'
import { AuditTrail } from '../entry/entry.service.ts'
import { Note, notes, user } from '../notes.fixture.ts'
import { chained } from './digest.ts'

/** Who writes to the database past the application; has everything but the keys. */
type Attack = (
  db: Kysely<AuditTables>,
  of: { readonly seq: number; readonly last: number; readonly ctx: Ctx },
) => Promise<unknown>

const idAt = async (db: Kysely<AuditTables>, seq: number): Promise<string> =>
  (await db.selectFrom('auditSeals').select('entryId').where('seq', '=', seq).executeTakeFirstOrThrow())
    .entryId

const editing =
  (values: object): Attack =>
  async (db, { seq }) =>
    db
      .updateTable('auditEntries')
      .set(values)
      .where('id', '=', await idAt(db, seq))
      .execute()

/** Calculates the chain anew from an entry on, as far as it can be done without a key. */
const rechain = async (db: Kysely<AuditTables>, seq: number, ctx: Ctx): Promise<string> => {
  const seals = await db
    .selectFrom('auditSeals')
    .selectAll()
    .where('seq', '>=', seq - 1)
    .orderBy('seq')
    .execute()
  let hash = seq === 1 ? '' : seals.shift()!.hash
  for (const seal of seals) {
    const entry = await db
      .selectFrom('auditEntries')
      .selectAll()
      .where('id', '=', seal.entryId)
      .executeTakeFirstOrThrow()
    hash = chained(ctx, hash, seal.seq, entry)
    await db.updateTable('auditSeals').set({ hash }).where('id', '=', seal.id).execute()
  }
  return hash
}

const cutFrom = async (db: Kysely<AuditTables>, seq: number): Promise<void> => {
  const gone = await db.selectFrom('auditSeals').select(['id', 'entryId']).where('seq', '>=', seq).execute()
  const entryIds = gone.map(({ entryId }) => entryId)
  await db.deleteFrom('auditEntries').where('id', 'in', entryIds).execute()
  await db.deleteFrom('auditSeals').where('entryId', 'in', entryIds).execute()
}

const TABLES = ['auditEntries', 'auditSeals', 'auditPending', 'auditHeads'] as const

// `any`: rows of several tables, as they are.
const rowsOf = async (db: Kysely<any>): Promise<readonly (readonly object[])[]> => {
  const rows: object[][] = []
  for (const table of TABLES) rows.push(await db.selectFrom(table).selectAll().execute())
  return rows
}

const putBack = async (db: Kysely<any>, rows: readonly (readonly object[])[]): Promise<void> => {
  for (const [place, table] of TABLES.entries()) {
    await db.deleteFrom(table).execute()
    const values = rows[place]!.map(({ tenantId: _, ...row }: { tenantId?: string }) => row)
    if (values.length > 0) await db.insertInto(table).values(values).execute()
  }
}

/** Each with the kind of problem it is found as, and whether its place is named. */
const attacks: Readonly<
  Record<string, readonly [attack: Attack, kind: string, at: 'here' | 'end' | 'unnumbered']>
> = {
  'another actor': [editing({ actorId: 'mallory' }), 'edited', 'here'],
  'another action': [editing({ action: 'restore' }), 'edited', 'here'],
  'another time': [editing({ at: '2020-01-01T00:00:00.000Z' }), 'edited', 'here'],
  'another row': [editing({ rowId: 'other' }), 'edited', 'here'],
  'another address': [editing({ ip: '203.0.113.9' }), 'edited', 'here'],
  'other details': [editing({ details: { after: { mark: { forged: true } } } }), 'edited', 'here'],
  'details taken away': [editing({ details: null, salt: null }), 'edited', 'here'],
  'another hash of the details': [editing({ detailsHash: 'x' }), 'edited', 'here'],
  'an entry removed': [
    async (db, { seq }) =>
      db
        .deleteFrom('auditEntries')
        .where('id', '=', await idAt(db, seq))
        .execute(),
    'removed',
    'here',
  ],
  'an entry removed with its seal': [
    async (db, { seq }) => {
      await db
        .deleteFrom('auditEntries')
        .where('id', '=', await idAt(db, seq))
        .execute()
      await db.deleteFrom('auditSeals').where('seq', '=', seq).execute()
    },
    'removed',
    'here',
  ],
  'two entries swapped': [
    async (db, { seq }) => {
      const [a, b] = [await idAt(db, seq), await idAt(db, seq + 1)]
      const put = (at: number, entryId: string) =>
        db.updateTable('auditSeals').set({ entryId }).where('seq', '=', at).execute()
      await put(seq, '00000000-0000-0000-0000-000000000001')
      await put(seq + 1, a)
      await put(seq, b)
    },
    'edited',
    'here',
  ],
  'an entry edited and all hashes calculated anew': [
    async (db, { seq, ctx, last }) => {
      await editing({ actorId: 'mallory' })(db, { seq, ctx, last })
      await rechain(db, seq, ctx)
    },
    'edited',
    'end',
  ],
  'the same, with the head moved along': [
    async (db, { seq, ctx, last }) => {
      await editing({ actorId: 'mallory' })(db, { seq, ctx, last })
      const hash = await rechain(db, seq, ctx)
      await db.updateTable('auditHeads').set({ hash }).execute()
    },
    'head',
    'end',
  ],
  'the newest cut off': [async (db, { seq }) => cutFrom(db, seq), 'cut', 'here'],
  'the newest cut off and the head set back': [
    async (db, { seq }) => {
      const { hash } = await db
        .selectFrom('auditSeals')
        .select('hash')
        .where('seq', '=', seq - 1)
        .executeTakeFirstOrThrow()
      await cutFrom(db, seq)
      await db
        .updateTable('auditHeads')
        .set({ seq: seq - 1, hash })
        .execute()
    },
    'head',
    'unnumbered',
  ],
  'the head removed': [async (db) => db.deleteFrom('auditHeads').execute(), 'head', 'unnumbered'],
  'an entry inserted': [
    async (db, { seq, ctx }) => {
      const { id: _, ...copy } = await db
        .selectFrom('auditEntries')
        .selectAll()
        .where('id', '=', await idAt(db, seq))
        .executeTakeFirstOrThrow()
      await db
        .insertInto('auditEntries')
        .values({ ...copy, details: copy.details as never, id: ctx.newId() })
        .execute()
    },
    'inserted',
    'unnumbered',
  ],
  'an entry inserted where it waits for its number': [
    async (db, { seq, ctx }) => {
      const { id: _, ...copy } = await db
        .selectFrom('auditEntries')
        .selectAll()
        .where('id', '=', await idAt(db, seq))
        .executeTakeFirstOrThrow()
      const id = ctx.newId()
      const now = ctx.now()
      await db
        .insertInto('auditEntries')
        .values({ ...copy, details: copy.details as never, id })
        .execute()
      await db
        .insertInto('auditPending')
        .values({ id, tenant: ctx.tenantId, entryId: id, version: 1, createdAt: now, updatedAt: now })
        .execute()
    },
    'inserted',
    'unnumbered',
  ],
}

eachStorage((storage) => {
  /** A trail of so many entries, all numbered, which nobody has touched. */
  const trailOf = async (count: number) => {
    const shop = await createTestClientele({ storage, plugins: [notes(), audit()] })
    const { ctx } = shop.as()
    const trail = ctx.get(AuditTrail)
    for (let i = 0; i < count; i++) {
      await shop.as({ actor: user(`user-${i}`) }).tx((t) => t.repo(Note).insert({ mark: { place: i } }))
      if (i % 3 === 0) await trail.seal(ctx)
    }
    await trail.seal(ctx)
    const attack = (run: Attack, seq: number): Promise<unknown> =>
      shop
        .as()
        .tx((t) =>
          t.projection('an attack', (db) => run(db as Kysely<AuditTables>, { seq, last: count, ctx })),
        )
    return { shop, ctx, trail, attack }
  }

  test('a trail that nobody has touched has no problem', async () => {
    const { ctx, trail } = await trailOf(10)
    expect(await trail.verify(ctx)).toEqual({
      tenantId: 'default',
      entries: 10,
      from: 1,
      to: 10,
      pending: 0,
      problems: [],
    })
  })

  test.each(Object.entries(attacks))('%s is found and its place named', async (_, [run, kind, place]) => {
    const { ctx, trail, attack } = await trailOf(6)
    await attack(run, 3)
    await trail.seal(ctx)
    const { problems } = await trail.verify(ctx)
    const seq = place === 'here' ? 3 : place === 'end' ? 6 : undefined
    expect(problems).toContainEqual(expect.objectContaining(seq === undefined ? { kind } : { kind, seq }))
  })

  test('any edit, removal, swap, insertion or cut at any place is found', async () => {
    const { shop, ctx, trail, attack } = await trailOf(12)
    const seed = 20_260_115
    const random: SeededRandom = seededRandom(seed)
    const untouched = await rowsOf(shop.as().db)
    for (let round = 0; round < 40; round++) {
      const [name, [run, kind, place]] = random.pick(Object.entries(attacks))
      const seq = 2 + Math.floor(random.number() * 10)
      await attack(run, seq)
      const { problems } = await trail.verify(ctx)
      const at = place === 'here' ? { seq } : {}
      expect(problems, `seed ${seed}, round ${round}: ${name} at ${seq}`).toContainEqual(
        expect.objectContaining({ kind, ...at }),
      )
      await attack((db) => putBack(db, untouched), seq)
    }
    expect((await trail.verify(ctx)).problems).toEqual([])
  })

  test('a tail that was cut with an old signed head put back is found by a checkpoint kept elsewhere', async () => {
    const { shop, ctx, trail, attack } = await trailOf(4)
    const old = await shop.as().db.selectFrom('auditHeads').selectAll().executeTakeFirstOrThrow()
    await shop.as({ actor: user('mallory') }).tx((t) => t.repo(Note).insert({}))
    await trail.seal(ctx)
    const checkpoint = (await trail.checkpoint(ctx))!
    await attack(async (db) => {
      await cutFrom(db, 5)
      const { seq, hash, signature } = old
      await db.updateTable('auditHeads').set({ seq, hash, signature }).execute()
    }, 5)
    expect((await trail.verify(ctx)).problems).toEqual([])
    expect((await trail.verify(ctx, { checkpoint })).problems).toMatchObject([{ kind: 'cut', seq: 5 }])
    expect((await trail.verify(ctx, { checkpoint: { ...checkpoint, seq: 4 } })).problems).toMatchObject([
      { kind: 'head', message: expect.stringContaining('not one of this trail') },
    ])
  })

  test('checkpoints go to the second place while the trail grows, and no more once it stands', async () => {
    const taken: unknown[] = []
    const plugins = [notes(), audit({ checkpoint: (one) => taken.push(one) })] as const
    const shop = await createTestClientele({ storage, plugins })
    await shop.drain()
    await shop.as({ actor: user('ana') }).tx((t) => t.repo(Note).insert({}))
    for (let minutes = 0; minutes < 12; minutes++) {
      shop.clock.advance('1m')
      await shop.drain()
    }
    expect(taken).toMatchObject([{ tenantId: 'default', seq: 1 }])
    const { ctx } = shop.as()
    const [checkpoint] = taken as [never]
    expect((await ctx.get(AuditTrail).verify(ctx, { checkpoint })).problems).toEqual([])
  })

  test('what is older than it is kept goes from the beginning, and the rest still verifies', async () => {
    const { shop, ctx, trail } = await trailOf(5)
    expect(await ctx.settings(AuditSettings)).toEqual({ keepDays: 730 })
    await shop.drain()
    shop.clock.advance('729d')
    await shop.as({ actor: user('late') }).tx((t) => t.repo(Note).insert({}))
    await shop.drain()
    shop.clock.advance('2d')
    await shop.drain()
    await trail.seal(ctx)
    expect(await trail.verify(ctx)).toMatchObject({ entries: 1, from: 6, to: 6, problems: [] })
  })
})
