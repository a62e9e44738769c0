import { sql } from 'kysely'
import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { Import, ImportSlice } from './import.entity.ts'

/** Slices looked up at once. */
const PAGE = 100

/** Rows that somebody wants forgotten. */
export interface ForgottenRows {
  readonly ids: readonly string[]
  /** Whether a cell of a refused row, which has no id, tells of them. */
  readonly mentions: (cell: string) => boolean
}

/** What imports keep of the rows of an entity: what rows held before they were changed, and refused rows. */
export interface ImportedRows {
  /**
   * Removes what imports keep of some rows; they cannot be set back by an undo any more. Answers how many it found.
   * Call it outside of a transaction: it looks at all imports of the entity, and writes each slice in one of its own.
   */
  forget(ctx: Ctx, entity: AnyEntity, rows: ForgottenRows): Promise<number>
}

export const ImportedRows = defineService<ImportedRows>('core.imported-rows')

export function createImportedRows(): ImportedRows {
  return {
    async forget(ctx, { name }, rows) {
      let forgotten = 0
      for (let after: string | null = null; ;) {
        ctx.signal.throwIfAborted()
        const ids = await candidates(ctx, name, rows.ids, after)
        for (const id of ids) forgotten += await forgetIn(ctx, id, rows)
        if (ids.length < PAGE) return forgotten
        after = ids.at(-1)!
      }
    },
  }
}

/** On the population lane: slices are large, and no index leads into them. */
async function candidates(
  ctx: Ctx,
  entity: string,
  ids: readonly string[],
  after: string | null,
): Promise<string[]> {
  const [slices, imports] = [ImportSlice.name, Import.name]
  let query = ctx.db
    .selectFrom(slices)
    .innerJoin(imports, `${imports}.id`, `${slices}.importId`)
    .select(`${slices}.id as id`)
    .where(`${imports}.entity`, '=', entity)
    .where((eb) =>
      eb.or([
        eb(sql`cast(${eb.ref(`${slices}.refused`)} as text)`, '<>', '[]'),
        ...ids.map((id) =>
          ctx.sql.matches(sql<string>`cast(${eb.ref(`${slices}.patched`)} as text)`, `%${id}%`),
        ),
      ]),
    )
    .orderBy(`${slices}.id`)
    .limit(PAGE)
  if (after !== null) query = query.where(`${slices}.id`, '>', after)
  const found = await ctx.population.run<{ id: string }>(query as never)
  return found.map(({ id }) => id)
}

function forgetIn(ctx: Ctx, id: string, { ids, mentions }: ForgottenRows): Promise<number> {
  return ctx.tx(async (t) => {
    const slice = await t.repo(ImportSlice).find(id)
    if (!slice) return 0
    const patched = slice.patched.filter((row) => !ids.includes(row.id))
    const refused = slice.refused.filter((row) => !row.cells.some((cell) => mentions(cell)))
    const gone = slice.patched.length - patched.length + slice.refused.length - refused.length
    if (gone > 0) await t.repo(ImportSlice).patch(id, { patched, refused })
    return gone
  })
}
