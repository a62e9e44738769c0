import { keep, kept } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import type { SegmentKind } from '../../segment/segment-kind.ts'
import type { SegmentRow } from './segment.ts'
import { readTree, writeTree, type Group } from './tree.ts'

/** What can be edited of a segment. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly kind: SegmentKind
  readonly root: Group
}

/** What the API takes of a draft. */
export function valuesOf({ name, description, kind, root }: Draft): Readonly<Record<string, unknown>> {
  return { name: name.trim(), description: description.trim() || null, kind, condition: writeTree(root) }
}

export function draftOf(row: Pick<SegmentRow, 'name' | 'description' | 'kind' | 'condition'>): Draft {
  return {
    name: row.name,
    description: row.description ?? '',
    kind: row.kind,
    root: readTree(row.condition),
  }
}

interface History {
  readonly past: readonly Draft[]
  readonly now: Draft
  readonly future: readonly Draft[]
  /** The field that the last edit typed in: the next in the same field is the same edit. */
  readonly field: string | null
}

const LONGEST = 200

/**
 * A draft with undo and redo. It stays in the browser until it is saved or discarded: what was typed survives Back, an
 * expired session and a closed window.
 *
 * @param key of the segment, or of the new one
 */
export function useDraft(key: string, base: Draft, version: number) {
  const [found] = useState(() => load(key))
  const [history, setHistory] = useState<History>(() => start(found ? draftOf(found) : base))
  const [saved, setSaved] = useState(() => JSON.stringify(valuesOf(base)))
  const [basedOn, setBasedOn] = useState(found?.version ?? version)
  const isDirty = JSON.stringify(valuesOf(history.now)) !== saved
  useEffect(() => {
    if (isDirty)
      store(key, { ...(valuesOf(history.now) as object), name: history.now.name, version: basedOn })
    else store(key, null)
  }, [history.now, isDirty, basedOn])
  return {
    draft: history.now,
    isDirty,
    /** The version that the draft began from. */
    basedOn,
    wasKept: found !== null,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    /** @param field what is typed in; edits of one field in a row are one */
    edit: (by: (draft: Draft) => Draft, field: string | null = null) =>
      setHistory((before) => edited(before, by(before.now), field)),
    leaveField: () => setHistory((before) => (before.field === null ? before : { ...before, field: null })),
    undo: () => setHistory(undone),
    redo: () => setHistory(redone),
    /** The draft begins anew from what the server holds; with `keep`, only its version is taken. */
    rebase(row: SegmentRow, { keep = false }: { readonly keep?: boolean } = {}) {
      const next = draftOf(row)
      setSaved(JSON.stringify(valuesOf(next)))
      setBasedOn(row.version)
      if (!keep) setHistory((before) => edited(before, next, null))
    },
    /** Nothing is left to save: what was typed is what the server holds now. */
    settle(row: SegmentRow) {
      setSaved(JSON.stringify(valuesOf(history.now)))
      setBasedOn(row.version)
      store(key, null)
    },
    discard() {
      store(key, null)
      setHistory((before) => edited(before, base, null))
    },
  }
}

function start(now: Draft): History {
  return { past: [], now, future: [], field: null }
}

function edited({ past, now, field: last }: History, next: Draft, field: string | null): History {
  if (next === now) return { past, now, future: [], field: last }
  const isSame = field !== null && field === last
  return { past: isSame ? past : [...past, now].slice(-LONGEST), now: next, future: [], field }
}

function undone({ past, now, future }: History): History {
  const before = past.at(-1)
  return before
    ? { past: past.slice(0, -1), now: before, future: [now, ...future], field: null }
    : { past, now, future, field: null }
}

function redone({ past, now, future: [next, ...rest] }: History): History {
  return next
    ? { past: [...past, now], now: next, future: rest, field: null }
    : { past, now, future: [], field: null }
}

type Kept = Parameters<typeof draftOf>[0] & { readonly version: number }

const IN_BROWSER = { in: 'browser' } as const

function load(key: string): Kept | null {
  return kept(`segment.${key}`, IN_BROWSER) as Kept | null
}

/** Null forgets it. */
function store(key: string, draft: unknown): void {
  keep(`segment.${key}`, draft, IN_BROWSER)
}
