import type { Ctx } from '@clientele/core'
import type { AuditCheckpoint } from '../audit.options.ts'
import type { AuditTables } from '../audit.tables.ts'
import type { AuditEntryRow } from '../entry/entry.entity.ts'
import type { AuditHeadRow, AuditSealRow } from './chain.entity.ts'
import { isCheckpointSigned } from './checkpoint.ts'
import { chained, detailsHashOf, isEntrySigned, isHeadSigned, NO_HASH } from './digest.ts'
import { findHead } from './head.ts'

/** Something that a trail which nobody has touched does not have. */
export interface AuditProblem {
  /**
   * `edited`: an entry, its details or its place is not what was chained. `removed`: an entry is gone. `inserted`: one is
   * in no chain. `cut`: the newest are gone. `head`: where the chain ends is not signed by this application.
   */
  readonly kind: 'edited' | 'removed' | 'inserted' | 'cut' | 'head'
  /** The number of the entry, if it has one. */
  readonly seq: number | null
  readonly entryId: string | null
  readonly message: string
}

/** What a look at a whole trail found. */
export interface AuditVerification {
  readonly tenantId: string
  /** Entries that were looked at. */
  readonly entries: number
  /** The first and last number, 0 without entries. */
  readonly from: number
  readonly to: number
  /** Written and not yet numbered. */
  readonly pending: number
  /** The first {@link VerifyOptions.limit} of them. */
  readonly problems: readonly AuditProblem[]
}

export interface VerifyOptions {
  /** Kept elsewhere: it knows entries whose end somebody has cut off together with the head. */
  readonly checkpoint?: AuditCheckpoint
  /** Problems that are told at most. @default 100 */
  readonly limit?: number
}

/** Entries that are read at once. */
const SLICE = 500

/** Looks at every entry of the tenant, while others write. */
export async function verifyTrail(
  ctx: Ctx<AuditTables>,
  { checkpoint, limit = 100 }: VerifyOptions = {},
): Promise<AuditVerification> {
  // In this order: a head that is read later reaches at least as far as the seals did.
  const last = await lastSeal(ctx)
  const head = await findHead(ctx)
  const walk = new Walk(ctx, { head, checkpoint: checkpoint ?? null })
  walk.checkHead(last)
  await walk.all()
  walk.checkEnd()
  walk.checkCheckpoint()
  const { unchained, pending } = await unsealed(ctx)
  for (const id of unchained)
    walk.report('inserted', null, id, 'is in no chain: it was not written by this application')
  // Old entries may have gone meanwhile because their time was over.
  const floorSeq = (await findHead(ctx))?.floorSeq ?? 0
  const problems = walk.problems.filter(({ kind, seq }) => kind === 'head' || seq === null || seq > floorSeq)
  return {
    tenantId: ctx.tenantId,
    entries: walk.entries,
    from: walk.entries === 0 ? 0 : (head?.floorSeq ?? 0) + 1,
    to: walk.seq,
    pending,
    problems: problems.slice(0, limit),
  }
}

/** A walk along the chain. Each step goes on from the hash that is stored, so that each fault is named once. */
class Walk {
  readonly problems: AuditProblem[] = []
  entries = 0
  seq: number
  readonly #ctx: Ctx<AuditTables>
  readonly #head: AuditHeadRow | null
  readonly #checkpoint: AuditCheckpoint | null
  #hash: string
  #hashAtCheckpoint: string | null = null

  constructor(
    ctx: Ctx<AuditTables>,
    { head, checkpoint }: { readonly head: AuditHeadRow | null; readonly checkpoint: AuditCheckpoint | null },
  ) {
    this.#ctx = ctx
    this.#head = head
    this.#checkpoint = checkpoint
    this.seq = head?.floorSeq ?? 0
    this.#hash = head?.floorHash ?? NO_HASH
    this.#noteCheckpoint()
  }

  checkHead(last: number): void {
    const head = this.#head
    if (!head && last > 0) this.report('head', null, null, 'The end of the chain is gone')
    if (!head) return
    if (!isHeadSigned(this.#ctx, head)) {
      this.report('head', head.seq, null, 'The end of the chain is not signed by this application')
    }
    if (last > head.seq) this.report('head', head.seq, null, `The end of the chain was set back from ${last}`)
  }

  async all(): Promise<void> {
    for (;;) {
      this.#ctx.signal.throwIfAborted()
      const seals = await sealsAfter(this.#ctx, this.seq, this.#head?.seq)
      if (seals.length === 0) return
      const entries = await entriesOf(this.#ctx, seals)
      for (const seal of seals) this.#step(seal, entries.get(seal.entryId))
    }
  }

  checkEnd(): void {
    const { seq = 0, hash = NO_HASH } = this.#head ?? {}
    if (this.seq < seq) {
      this.report('cut', this.seq + 1, null, `Entries ${this.seq + 1} to ${seq} were cut off the end`)
    } else if (this.#head && this.seq === seq && this.#hash !== hash) {
      this.report('edited', seq, null, 'The end of the chain is not where it was signed: it was rewritten')
    }
  }

  checkCheckpoint(): void {
    const point = this.#checkpoint
    if (!point) return
    if (point.tenantId !== this.#ctx.tenantId || !isCheckpointSigned(this.#ctx, point)) {
      this.report('head', null, null, 'The checkpoint is not one of this trail, or its key is gone')
    } else if (point.seq > this.seq) {
      this.report('cut', this.seq + 1, null, `Entries ${this.seq + 1} to ${point.seq} were cut off the end`)
    } else if (this.#hashAtCheckpoint !== null && this.#hashAtCheckpoint !== point.hash) {
      this.report(
        'edited',
        point.seq,
        null,
        'The chain is not that of the checkpoint: it was rewritten up to here',
      )
    }
  }

  report(kind: AuditProblem['kind'], seq: number | null, entryId: string | null, what: string): void {
    const name = entryId === null ? '' : `Entry ${seq === null ? '' : `${seq} `}(${entryId}) `
    this.problems.push({ kind, seq, entryId, message: `${name}${what}` })
  }

  #step(seal: AuditSealRow, entry: AuditEntryRow | undefined): void {
    const { seq, entryId, hash } = seal
    if (seq !== this.seq + 1) {
      this.report('removed', this.seq + 1, null, `Entries ${this.seq + 1} to ${seq - 1} were removed`)
    }
    if (!entry) this.report('removed', seq, entryId, 'was removed')
    else {
      const fault = faultOf(entry)
      if (fault) this.report('edited', seq, entryId, fault)
      else if (seq === this.seq + 1 && chained(this.#ctx, this.#hash, seq, entry) !== hash) {
        this.report('edited', seq, entryId, 'was edited or moved: it is not what was chained here')
      }
      this.entries++
    }
    this.seq = seq
    this.#hash = hash
    this.#noteCheckpoint()
  }

  #noteCheckpoint(): void {
    if (this.seq === this.#checkpoint?.seq) this.#hashAtCheckpoint = this.#hash
  }
}

/** What is wrong with the details of an entry by themselves. */
function faultOf({ details, salt, detailsHash, erasedAt }: AuditEntryRow): string | null {
  if (detailsHash === null) return details === null ? null : 'has got details that it never had'
  if (details === null || salt === null) return erasedAt ? null : 'has lost its details without an erasure'
  return detailsHashOf(salt, details) === detailsHash ? null : 'has other details than were chained'
}

async function lastSeal({ db }: Ctx<AuditTables>): Promise<number> {
  const last = await db
    .selectFrom('auditSeals')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.seq ?? 0
}

function sealsAfter(
  { db }: Ctx<AuditTables>,
  seq: number,
  until: number | undefined,
): Promise<AuditSealRow[]> {
  const query = db.selectFrom('auditSeals').selectAll().where('seq', '>', seq).orderBy('seq').limit(SLICE)
  return (until === undefined ? query : query.where('seq', '<=', until)).execute()
}

async function entriesOf(
  { db }: Ctx<AuditTables>,
  seals: readonly AuditSealRow[],
): Promise<ReadonlyMap<string, AuditEntryRow>> {
  const ids = seals.map(({ entryId }) => entryId)
  const rows = await db.selectFrom('auditEntries').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Entries without a number: those that wait for one, and those that wait for none. */
async function unsealed(
  ctx: Ctx<AuditTables>,
): Promise<{ readonly unchained: readonly string[]; readonly pending: number }> {
  // One statement, so that an entry which is being numbered is seen before or after it, never between.
  const rows = await ctx.population.run(
    ctx.db
      .selectFrom('auditEntries')
      .leftJoin('auditSeals', 'auditSeals.entryId', 'auditEntries.id')
      .leftJoin('auditPending', (join) =>
        join
          .onRef('auditPending.entryId', '=', 'auditEntries.id')
          .on('auditPending.tenant', '=', ctx.tenantId),
      )
      .selectAll('auditEntries')
      .select('auditPending.entryId as waiting')
      .where('auditSeals.id', 'is', null)
      .limit(10_000),
  )
  const isWaiting = ({ waiting, ...entry }: (typeof rows)[number]): boolean =>
    waiting !== null && isEntrySigned(ctx, entry)
  return {
    unchained: rows.filter((row) => !isWaiting(row)).map(({ id }) => id),
    pending: rows.filter(isWaiting).length,
  }
}
