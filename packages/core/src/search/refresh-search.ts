import type { Ctx } from '../context/context.ts'
import { runtimeOf, type InternalTx } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { SearchReindex } from './reindex.jobs.ts'
import { forgetState, readStates, saveState } from './search-states.ts'
import { fingerprintOf } from './searchable.ts'

/**
 * Compares what the index holds with what the code says, and has the entities indexed anew where they differ: after an
 * upgrade, and when a plugin makes another column searchable.
 */
export async function refreshSearch(ctx: Ctx): Promise<void> {
  const runtime = runtimeOf(ctx)
  const known = await runtime.storage.read({ tenantId: ctx.tenantId }, (connection) =>
    readStates(runtime, connection),
  )
  const wanted = new Map(
    [...runtime.registry.entities.values()].flatMap((one) => {
      const fingerprint = fingerprintOf(one)
      return fingerprint ? [[one.entity.name, { registered: one, fingerprint }] as const] : []
    }),
  )
  const differing = [...wanted].filter(([name, { fingerprint }]) => known.get(name) !== fingerprint)
  const gone = [...known.keys()].filter((name) => !wanted.has(name))
  if (differing.length === 0 && gone.length === 0) return
  await ctx.tx(async (t) => {
    const internal = t as InternalTx
    for (const name of gone) await forgetState(internal, name)
    for (const [entity, { registered, fingerprint }] of differing) {
      if (await isEmpty(internal, registered)) await saveState(internal, entity, fingerprint)
      else await t.enqueue(SearchReindex, { entity }, { dedupeKey: `${entity} ${fingerprint}` })
    }
  })
}

async function isEmpty(
  { connection }: InternalTx,
  { physicalName: name }: RegisteredEntity,
): Promise<boolean> {
  const sql = `SELECT 1 AS found FROM "${name}" LIMIT 1`
  const { rows } = await connection.execute({ sql, parameters: [] })
  return rows.length === 0
}
