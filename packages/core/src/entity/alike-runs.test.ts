import { createTestClientele, eachStorage, seededRandom, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { Tx } from '../context/context.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { alikeRuns } from './alike-runs.ts'
import { col } from './column.ts'
import { defineEntity, type PatchOf } from './entity.ts'

const Note = defineEntity(
  'notes',
  { title: col.text(), state: col.enum(['new', 'old']).default('new'), key: col.secret().nullable() },
  { softDelete: true },
)
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Note],
  migrations: { '0001-notes': { up: (m) => m.createTable(Note), down: (m) => m.dropTable('notes') } },
})

type Notes = TestClientele<readonly [ReturnType<typeof notes>]>
interface Write {
  readonly patches?: readonly { readonly id: string; readonly changes: PatchOf<typeof Note> }[]
  readonly removals?: readonly string[]
}

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

eachStorage((storage) => {
  test('many writes leave, tell and refuse what they do one by one', { timeout: 60_000 }, async () => {
    const t = await createTestClientele({ storage, plugins: [notes()], tenancy: { mode: 'multi' } })
    for (let seed = 1; seed <= 15; seed++) {
      const writes = randomWrites(seed)
      const many = await outcomeOf(t, `many-${seed}`, writes, async (tx, { patches, removals }) => {
        if (patches) return tx.repo(Note).patchMany(patches)
        await tx.repo(Note).removeMany(removals ?? [])
        return []
      })
      const single = await outcomeOf(
        t,
        `single-${seed}`,
        writes,
        async (tx, { patches = [], removals = [] }) => {
          const rows: unknown[] = []
          for (const one of patches) rows.push(await tx.repo(Note).patch(one.id, one.changes))
          for (const one of removals) await tx.repo(Note).remove(one)
          return rows
        },
      )
      expect(many, `seed ${seed}`).toEqual(single)
    }
  })
})

test('neighbours that are changed alike are one run, in their order', () => {
  const patch = (n: number, changes: object): { id: string; changes: Record<string, unknown> } => ({
    id: id(n),
    changes: { ...changes },
  })
  const old = { state: 'old' }
  const runs = alikeRuns(Note, [
    patch(1, old),
    patch(2, old),
    patch(1, old),
    patch(3, { state: 'new' }),
    patch(4, { key: 'secret' }),
    patch(5, { key: 'secret' }),
  ])
  expect(runs.map(({ ids }) => ids)).toEqual([[id(1), id(2)], [id(1)], [id(3)], [id(4)], [id(5)]])
})

/** Of ten rows eight are there: the others end what names them. */
function randomWrites(seed: number): readonly Write[] {
  const random = seededRandom(seed)
  const some = (): string => id(random.number() < 0.03 ? 9 : Math.floor(random.number() * 8))
  return Array.from({ length: 6 }, (): Write => {
    const ids = Array.from({ length: random.pick([0, 1, 3, 6]) }, some)
    if (random.number() < 0.2) return { removals: [...new Set(ids)].slice(0, 2) }
    return {
      patches: ids.map((one) => ({
        id: one,
        changes: random.pick([{ state: 'old' }, { state: 'old' }, { title: 'x' }, { key: 'k' }] as const),
      })),
    }
  })
}

/** What the writes answered, what was refused, which changes were told, what is left; in a tenant of its own. */
async function outcomeOf(
  t: Notes,
  tenantId: string,
  writes: readonly Write[],
  write: (tx: Tx, one: Write) => Promise<readonly unknown[]>,
): Promise<object> {
  const { ctx, tx } = t.as({ tenantId })
  await tx((one) =>
    one.repo(Note).insertMany(Array.from({ length: 8 }, (_, n) => ({ id: id(n), title: `n${n}` }))),
  )
  t.recorder.clear()
  const answers: unknown[] = []
  await tx(async (outer) => {
    for (const one of writes) {
      // Caught inside: what was done before the refusal stays.
      const answer = write(outer, one).catch((error: { readonly code: string }) => error.code)
      answers.push(await answer)
    }
  })
  const sort = [{ field: 'id', direction: 'asc' }] as const
  const told = t.recorder.changes.map(({ kind, id: of, before, after, columns }) => ({
    kind,
    of,
    before,
    after,
    columns,
  }))
  return { answers, told, left: (await ctx.repo(Note).list({ filters: [], sort, limit: 50 })).items }
}
