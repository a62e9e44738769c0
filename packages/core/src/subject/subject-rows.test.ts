import { col, defineEntity, definePlugin, extendEntity, SubjectRows, type Migration } from '@clientele/core'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

const Person = defineEntity(
  'people',
  { name: col.text().nullable().pii() },
  { subject: true, singular: 'person' },
)
const PersonScore = extendEntity(
  Person,
  'personScores',
  { nickname: col.text().nullable().pii() },
  { as: 'score' },
)
const Note = defineEntity(
  'notes',
  {
    personId: col.ref(() => Person, { onMerge: 'move', onErase: 'delete' }),
    text: col.text(),
  },
  { softDelete: true },
)
const Choice = defineEntity(
  'choices',
  {
    personId: col.ref(() => Person, { onMerge: 'unique', onErase: 'anonymise' }).nullable(),
    topic: col.text(),
    proof: col.text().default('').pii(),
    details: col.json(z.record(z.string(), z.string())).default({}).pii(),
  },
  { indexes: [{ on: ['personId', 'topic'], unique: true }] },
)
const Receipt = defineEntity('receipts', {
  personId: col.ref(() => Person, { onMerge: 'keep', onErase: 'keep' }),
  number: col.integer(),
})
const entities = [Person, PersonScore, Note, Choice, Receipt] as const
const migration: Migration = {
  async up(m) {
    for (const entity of entities) await m.createTable(entity)
  },
  async down(m) {
    for (const { name } of entities.toReversed()) await m.dropTable(name)
  },
}
const people = definePlugin({
  id: 'people',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [...entities],
  migrations: { '0001-people': migration },
})

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [people()] })
  type Shop = Awaited<ReturnType<typeof open>>

  const dump = async (shop: Shop): Promise<unknown> => {
    const { ctx } = shop.as()
    const rows: Record<string, unknown[]> = {}
    for (const { name } of [Note, Choice, Receipt]) {
      const found = await ctx.dbWithRemoved.selectFrom(name).selectAll().orderBy('id').execute()
      rows[name] = found.map(({ version: _, createdAt: __, updatedAt: ___, ...own }) => own)
    }
    return rows
  }

  test('a move lets rows follow as their references say, and taking it back restores them', async () => {
    const random = seededRandom(20261121)
    for (let round = 0; round < 12; round++) {
      const shop = await open()
      const { tx } = shop.as()
      const [ana, eva] = await tx(async (t) => {
        const made = await t.repo(Person).insertMany([{ name: 'Ana' }, { name: 'Eva' }])
        const ids = made.map(({ id }) => id)
        for (let n = 0; n < 8; n++) {
          const personId = random.pick(ids)
          const note = await t.repo(Note).insert({ personId, text: `note ${n}` })
          if (random.number() < 0.3) await t.repo(Note).remove(note.id)
          await t.repo(Receipt).insert({ personId, number: n })
        }
        for (const personId of ids) {
          for (const topic of ['news', 'sales', 'tips']) {
            if (random.number() < 0.5) await t.repo(Choice).insert({ personId, topic, proof: 'ip' })
          }
        }
        return ids as [string, string]
      })
      const before = await dump(shop)

      const moved = await tx((t) => t.get(SubjectRows).move(t, Person, { from: ana, to: eva }))
      const owners = await shop.as().ctx.dbWithRemoved.selectFrom('notes').select('personId').execute()
      expect(new Set(owners.map((one) => one['personId']))).toEqual(new Set([eva]))
      const choices = await shop.as().ctx.db.selectFrom('choices').select(['personId', 'topic']).execute()
      expect(choices.every((one) => one['personId'] === eva)).toBe(true)
      expect(new Set(choices.map((one) => one['topic'])).size).toBe(choices.length)

      const kept = JSON.parse(JSON.stringify(moved)) as typeof moved
      await tx((t) => t.get(SubjectRows).moveBack(t, kept, { to: ana, at: eva }))
      expect(await dump(shop)).toEqual(before)
    }
  })

  test('what was written to the survivor after a move stays there when it is taken back', async () => {
    const shop = await open()
    const { tx } = shop.as()
    const rows = await tx((t) => t.repo(Person).insertMany([{ name: 'Ana' }, { name: 'Eva' }]))
    const [ana, eva] = rows.map(({ id }) => id) as [string, string]
    const first = await tx((t) => t.repo(Note).insert({ personId: ana, text: 'before' }))
    const moved = await tx((t) => t.get(SubjectRows).move(t, Person, { from: ana, to: eva }))
    const later = await tx((t) => t.repo(Note).insert({ personId: eva, text: 'after' }))

    await tx((t) => t.get(SubjectRows).moveBack(t, moved, { to: ana, at: eva }))

    expect((await shop.as().ctx.repo(Note).get(first.id)).personId).toBe(ana)
    expect((await shop.as().ctx.repo(Note).get(later.id)).personId).toBe(eva)
  })

  test('an erasure deletes, empties or keeps as the references say, and subscribers see it', async () => {
    const shop = await open()
    const { tx, ctx } = shop.as()
    const ana = await tx((t) => t.repo(Person).insert({ name: 'Ana' }))
    const personId = ana.id
    const [note, hidden] = await tx((t) =>
      t.repo(Note).insertMany([
        { personId, text: 'one' },
        { personId, text: 'two' },
      ]),
    )
    await tx((t) => t.repo(Note).remove(hidden!.id))
    const choice = await tx((t) =>
      t.repo(Choice).insert({ personId, topic: 'news', proof: '10.0.0.1', details: { form: 'footer' } }),
    )
    const receipt = await tx((t) => t.repo(Receipt).insert({ personId, number: 7 }))
    await tx((t) => t.repo(PersonScore).patch(personId, { nickname: 'Aninha' }))
    shop.recorder.clear()

    const erased = await tx((t) => t.get(SubjectRows).erase(t, Person, personId))

    expect(erased).toEqual([
      { entity: 'receipts', column: 'personId', rows: 1, how: 'keep' },
      { entity: 'choices', column: 'personId', rows: 1, how: 'anonymise' },
      { entity: 'notes', column: 'personId', rows: 2, how: 'delete' },
    ])
    expect(await ctx.dbWithRemoved.selectFrom('notes').select('id').execute()).toEqual([])
    expect(await ctx.repo(Choice).get(choice.id)).toMatchObject({
      personId: null,
      topic: 'news',
      proof: '',
      details: {},
    })
    expect((await ctx.repo(Receipt).get(receipt.id)).personId).toBe(personId)
    expect((await ctx.repo(Person).get(personId)).name).toBeNull()
    expect((await ctx.repo(PersonScore).get(personId)).nickname).toBeNull()
    const told = shop.recorder.changes.map(({ kind, entity, id }) => `${kind} ${entity.name} ${id}`)
    expect(told.toSorted()).toEqual(
      [
        `patch choices ${choice.id}`,
        `patch people ${personId}`,
        `patch personScores ${personId}`,
        `remove notes ${note!.id}`,
      ].toSorted(),
    )
  })

  test('all rows about a person are found, and nobody else’s', async () => {
    const shop = await open()
    const { tx, ctx } = shop.as()
    const people = await tx((t) => t.repo(Person).insertMany([{ name: 'Ana' }, { name: 'Eva' }]))
    const [ana, eva] = people.map(({ id }) => id) as [string, string]
    await tx(async (t) => {
      for (const personId of [ana, eva]) {
        await t.repo(Note).insertMany(Array.from({ length: 1001 }, (_, n) => ({ personId, text: `${n}` })))
        await t.repo(Receipt).insert({ personId, number: 1 })
      }
    })
    const seen: string[] = []
    for await (const { entity, row } of ctx.get(SubjectRows).all(ctx, Person, ana)) {
      seen.push(entity)
      expect(row['personId'] ?? row['id']).toBe(ana)
    }
    const counts = Object.fromEntries([...Map.groupBy(seen, (name) => name)].map(([k, v]) => [k, v.length]))
    expect(counts).toEqual({ people: 1, personScores: 1, notes: 1001, receipts: 1 })
  })
})
