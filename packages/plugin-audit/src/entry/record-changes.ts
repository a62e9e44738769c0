import { onChange, type Actor, type AnyEntity, type AuditNote, type Change, type Tx } from '@clientele/core'
import { detailsOf, tellsNothing } from './details.ts'
import { subjectsOf } from './subjects.ts'
import { writeEntries, type EntryDraft } from './write-entries.ts'

/** Puts every change of a row by somebody on the record. */
export const recordChanges = onChange(
  '*',
  'audit.record',
  async (changes, t) => {
    const drafts = changes.filter((change) => !tellsNothing(change)).map((change) => draftOf(change, t))
    if (drafts.length > 0) await writeEntries(t, drafts)
  },
  { when: isRecorded },
)

/** Writes what is no change of a row. Whoever calls it means it, so that the system may, too. */
export async function recordNote(t: Tx, note: AuditNote): Promise<void> {
  const { action, entity = null, rowId = null, details = null, actor = t.actor, subject } = note
  const subjects = subject ? [subject] : []
  await writeEntries(t, [{ action, entity, rowId, details, actor, subjects }])
}

function isRecorded(entity: AnyEntity, { actor, origin }: Tx): boolean {
  const audited = (entity.extension?.base ?? entity).options.audited ?? true
  // What is carried over or done again is told by one entry of whoever began it.
  return audited && origin === 'live' && isAudited(actor)
}

function isAudited({ kind, audited = kind !== 'system' && kind !== 'anonymous' }: Actor): boolean {
  return audited
}

function draftOf(change: Change, { actor }: Tx): EntryDraft {
  const subjects = subjectsOf(change)
  const { kind, entity, id } = change
  const details = detailsOf(change, subjects.length > 0)
  return { action: kind, entity: entity.name, rowId: id, details, actor, subjects }
}
