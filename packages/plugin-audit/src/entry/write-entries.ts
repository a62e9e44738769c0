import { createHash } from 'node:crypto'
import { Secrets, type Actor, type Tx } from '@clientele/core'
import type { AuditTables } from '../audit.tables.ts'
import { detailsHashOf, signEntry } from '../chain/digest.ts'
import type { Details } from './details.ts'
import { storable } from './details.ts'
import type { Subject } from './subjects.ts'

/** What an entry is made from; the rest is the transaction's. */
export interface EntryDraft {
  readonly action: string
  readonly entity: string | null
  readonly rowId: string | null
  readonly details: Details
  readonly actor: Pick<Actor, 'kind' | 'id' | 'via'>
  readonly subjects: readonly Subject[]
}

/** Rows of one statement. */
const BATCH = 200

const WHY = 'the trail is written for itself: nobody subscribes to what tells of changes'

/** Writes entries into the transaction. Every row is new and nobody else's, so that no writer waits for another. */
export async function writeEntries(t: Tx<AuditTables>, drafts: readonly EntryDraft[]): Promise<void> {
  for (let from = 0; from < drafts.length; from += BATCH) {
    const slice = drafts.slice(from, from + BATCH).map((draft) => ({ draft, entry: entryOf(t, draft) }))
    const stamp = { version: 1, createdAt: t.now(), updatedAt: t.now() }
    const pending = slice.map(({ entry: { id } }) => ({
      ...stamp,
      id: pendingId(t.tenantId, id),
      tenant: t.tenantId,
      entryId: id,
    }))
    const subjects = slice.flatMap(({ draft, entry }) =>
      draft.subjects.map(({ entity, id }) => ({
        ...stamp,
        id: t.newId(),
        entryId: entry.id,
        entity,
        personId: id,
      })),
    )
    await t.projection(WHY, async (db) => {
      await db
        .insertInto('auditEntries')
        .values(slice.map(({ entry }) => ({ ...stamp, ...entry })))
        .execute()
      if (subjects.length > 0) await db.insertInto('auditSubjects').values(subjects).execute()
      await db.insertInto('auditPending').values(pending).execute()
    })
  }
}

/** All tenants share the table, and two of them may have an entry of one id. */
function pendingId(tenantId: string, entryId: string): string {
  const hex = createHash('sha256').update(`${tenantId} ${entryId}`).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

function entryOf(t: Tx, { action, entity, rowId, details, actor, subjects: _ }: EntryDraft) {
  const stored = details && storable(details)
  const salt = stored && t.get(Secrets).token(t, 16)
  const core = {
    id: t.newId(),
    at: t.now(),
    actorKind: actor.kind,
    actorId: actor.id.slice(0, 200),
    via: actor.via ?? null,
    action: action.slice(0, 200),
    entity,
    rowId: rowId?.slice(0, 200) ?? null,
    origin: t.origin,
    requestId: t.requestId.slice(0, 200),
    ip: t.ip,
    detailsHash: stored && salt ? detailsHashOf(salt, stored) : null,
  }
  return { ...core, details: stored as never, salt, erasedAt: null, signature: signEntry(t, core) }
}
