import { session } from '../session/session.ts'
import type { TypedValues } from './typed-values.ts'

/** What somebody typed into a form and has not saved, for this window. */
export interface Draft {
  readonly typed: TypedValues
  /** Of the row as it was when they began; undefined for a new one. */
  readonly version?: number
}

/** What is kept of a form; null: nothing. @param id of the row, or `new` */
export function keptDraft(entity: string, id: string): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(entity, id)) ?? 'null') as Draft | null
    return draft && Object.keys(draft.typed).length > 0 ? draft : null
  } catch {
    return null
  }
}

/** Keeps it; null forgets it. */
export function keepDraft(entity: string, id: string, draft: Draft | null): void {
  try {
    if (draft === null || Object.keys(draft.typed).length === 0) sessionStorage.removeItem(keyOf(entity, id))
    else sessionStorage.setItem(keyOf(entity, id), JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing loses the draft when the form closes, and nothing else.
  }
}

function keyOf(entity: string, id: string): string {
  const { tenant, actor } = session.value ?? {}
  return `clientele.draft.${tenant?.id}.${actor?.id}.${entity}.${id}`
}
