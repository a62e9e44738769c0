import type { Ctx, Tx } from '@clientele/core'
import type { AuditTables } from '../audit.tables.ts'
import type { AuditSealRow } from './chain.entity.ts'
import { chained, isEntrySigned } from './digest.ts'
import { lockHead, moveHead } from './head.ts'

/** Entries of one transaction: it holds the only write lock of SQLite. */
const SLICE = 200

/**
 * Numbers the entries that wait, in the order of their ids, and chains each to the one before. Only those who number
 * wait for each other; an entry whose transaction commits later gets a later number. Answers how many were numbered.
 */
export async function sealTenant(ctx: Ctx<AuditTables>): Promise<number> {
  for (let sealed = 0; ;) {
    ctx.signal.throwIfAborted()
    const { taken, more } = await ctx.tx(sealSlice)
    sealed += taken
    if (!more) return sealed
  }
}

async function sealSlice(t: Tx<AuditTables>): Promise<{ readonly taken: number; readonly more: boolean }> {
  if ((await pendingOf(t, 1)).length === 0) return { taken: 0, more: false }
  const locked = await lockHead(t)
  // Only now: another sealer may have had the lock.
  const pending = await pendingOf(t, SLICE)
  if (pending.length === 0) return { taken: 0, more: false }
  const ids = pending.map(({ entryId }) => entryId)
  const entries = await t.db
    .selectFrom('auditEntries')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  let { seq, hash } = locked.last
  const stamp = { version: 1, createdAt: t.now(), updatedAt: t.now() }
  const seals: AuditSealRow[] = []
  for (const entry of entries) {
    if (!isEntrySigned(t, entry)) {
      t.log.error({ entryId: entry.id }, 'an entry of the audit trail was not written by this application')
      continue
    }
    hash = chained(t, hash, ++seq, entry)
    seals.push({ ...stamp, id: t.newId(), seq, entryId: entry.id, hash })
  }
  await t.projection('the order of the trail is derived from its entries', async (db) => {
    if (seals.length > 0) await db.insertInto('auditSeals').values(seals).execute()
    await db
      .deleteFrom('auditPending')
      .where(
        'id',
        'in',
        pending.map(({ id }) => id),
      )
      .execute()
  })
  await moveHead(t, locked, { seq, hash, sealedAt: t.now() })
  return { taken: seals.length, more: pending.length === SLICE }
}

function pendingOf({ db, tenantId }: Tx<AuditTables>, limit: number) {
  return db
    .selectFrom('auditPending')
    .select(['id', 'entryId'])
    .where('tenant', '=', tenantId)
    .orderBy('entryId')
    .limit(limit)
    .execute()
}
