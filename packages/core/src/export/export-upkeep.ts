import type { Kysely } from 'kysely'
import type { Ctx } from '../context/context.ts'
import type { TableOf } from '../entity/entity.ts'
import { ExportEntity } from './export.entity.ts'

const PORTION = 200

type ExportsDb = Kysely<{ exports: TableOf<typeof ExportEntity> }>

/** Removes the tenant's exports whose time is over; their files go by themselves. Answers how many. */
export async function removeExpiredExports(ctx: Ctx): Promise<number> {
  let removed = 0
  for (;;) {
    ctx.signal.throwIfAborted()
    const portion = await ctx.tx(async (t) => {
      const expired = await (t.db as ExportsDb)
        .selectFrom('exports')
        .select('id')
        .where('expiresAt', '<=', t.now())
        .orderBy('expiresAt')
        .limit(PORTION)
        .execute()
      await t.repo(ExportEntity).removeMany(expired.map(({ id }) => id))
      return expired.length
    })
    removed += portion
    if (portion < PORTION) return removed
  }
}
