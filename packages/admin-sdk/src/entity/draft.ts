import { keep, kept } from '../session/kept.ts'
import type { TypedValues } from './typed-values.ts'

/** What somebody typed into a form and has not saved, for this window. */
export interface Draft {
  readonly typed: TypedValues
  /** Of the row as it was when they began; undefined for a new one. */
  readonly version?: number
}

/** What is kept of a form; null: nothing. @param id of the row, or `new` */
export function keptDraft(entity: string, id: string): Draft | null {
  const draft = kept(placeOf(entity, id)) as Draft | null
  return draft && Object.keys(draft.typed).length > 0 ? draft : null
}

/** Keeps it; null forgets it. */
export function keepDraft(entity: string, id: string, draft: Draft | null): void {
  keep(placeOf(entity, id), draft && Object.keys(draft.typed).length > 0 ? draft : null)
}

function placeOf(entity: string, id: string): string {
  return `draft.${entity}.${id}`
}
