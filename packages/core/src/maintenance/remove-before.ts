import type { Ctx } from '../context/context.ts'
import type { AnyEntity } from '../entity/entity.ts'
import type { Timestamp } from '../ports/clock.ts'

const SLICE = 100

/**
 * Removes the rows of an entity whose time lies before an instant, the oldest first and in small transactions, so that
 * others write meanwhile. For jobs that keep house; stops with the context's signal.
 *
 * @param column a timestamp of the entity that has an index
 */
export async function removeBefore(
  ctx: Ctx,
  entity: AnyEntity,
  column: string,
  until: Timestamp,
): Promise<void> {
  for (;;) {
    ctx.signal.throwIfAborted()
    const removed = await ctx.tx(async (t) => {
      const rows = await t.db
        .selectFrom(entity.name)
        .select('id')
        .where(column, '<', until)
        .orderBy(column)
        .orderBy('id')
        .limit(SLICE)
        .execute()
      await t.repo(entity).removeMany(rows.map((row) => row['id'] as string))
      return rows.length
    })
    if (removed < SLICE) return
  }
}
