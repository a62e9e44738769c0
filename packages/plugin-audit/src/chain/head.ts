import type { Ctx, Tx } from '@clientele/core'
import type { AuditTables } from '../audit.tables.ts'
import { AuditHead, type AuditHeadRow } from './chain.entity.ts'
import { isHeadSigned, NO_HASH, signHead, type HeadCore } from './digest.ts'

const WHY = 'how far a chain reaches is derived from its entries'

/** The tenant's head, or null before its first entry was numbered. */
export async function findHead(ctx: Ctx<AuditTables>): Promise<AuditHeadRow | null> {
  const found = await ctx.db
    .selectFrom('auditHeads')
    .selectAll()
    .where('tenant', '=', ctx.tenantId)
    .executeTakeFirst()
  return found ?? null
}

/** A head that is held, and the seal that the next one follows. */
export interface LockedHead {
  readonly head: AuditHeadRow
  readonly last: { readonly seq: number; readonly hash: string }
  /** Whether it is signed and the seals end where it says. */
  readonly isSound: boolean
}

/** The tenant's head, made when there is none, held until the transaction ends: one numbers at a time. */
export async function lockHead(t: Tx<AuditTables>): Promise<LockedHead> {
  const known = (await findHead(t)) ?? (await makeHead(t))
  await t.lock(AuditHead, [known.id])
  const head = (await findHead(t))!
  const seal = await t.db
    .selectFrom('auditSeals')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isAhead = seal !== undefined && seal.seq > head.seq
  return { head, last: isAhead ? seal : head, isSound: !isAhead && isHeadSigned(t, head) }
}

/**
 * Moves the head and signs where it stands. One that somebody has touched stays without a signature: work goes on, and
 * no later seal covers the traces.
 */
export async function moveHead(
  t: Tx<AuditTables>,
  { head, isSound }: LockedHead,
  to: Partial<HeadCore> & { readonly sealedAt?: string },
): Promise<void> {
  const { seq, hash, floorSeq, floorHash } = { ...head, ...to }
  const core = { seq, hash, floorSeq, floorHash }
  await t.projection(WHY, (db) =>
    db
      .updateTable('auditHeads')
      .set({
        ...core,
        sealedAt: to.sealedAt ?? head.sealedAt,
        signature: isSound ? signHead(t, core) : '',
        updatedAt: t.now(),
      })
      .where('tenant', '=', t.tenantId)
      .execute(),
  )
}

async function makeHead(t: Tx<AuditTables>): Promise<AuditHeadRow> {
  // Seals without a head: it was taken away, and its signature with it.
  const isFirst = !(await t.db.selectFrom('auditSeals').select('id').limit(1).executeTakeFirst())
  const core = { seq: 0, hash: NO_HASH, floorSeq: 0, floorHash: NO_HASH }
  const stamp = { version: 1, createdAt: t.now(), updatedAt: t.now() }
  const row = {
    ...stamp,
    ...core,
    id: t.newId(),
    tenant: t.tenantId,
    sealedAt: t.now(),
    checkpointSeq: 0,
    signature: isFirst ? signHead(t, core) : '',
  }
  await t.projection(WHY, (db) =>
    db
      .insertInto('auditHeads')
      .values(row)
      .onConflict((conflict) => conflict.columns(['tenant']).doNothing())
      .execute(),
  )
  return (await findHead(t))!
}
