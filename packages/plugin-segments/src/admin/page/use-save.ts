import { ApiError, call, invalidate, t, toast } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { valuesOf, type useDraft } from '../model/draft.ts'
import type { SegmentRow } from '../model/segment.ts'

interface SaveOptions {
  readonly id: string | null
  readonly drafting: ReturnType<typeof useDraft>
  /** The first node that is not filled in. */
  readonly missing: string | null
  readonly onSaved: (row: SegmentRow) => void
  readonly reload: () => Promise<SegmentRow>
}

/** Saves the draft; whatever goes wrong, it stays as it is. */
export function useSave({ id, drafting, missing, onSaved, reload }: SaveOptions) {
  const [error, setError] = useState<ApiError | null>(null)
  const [hint, setHint] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { draft, basedOn } = drafting
  const send = async (version: number): Promise<void> => {
    const body = valuesOf(draft)
    const saved = id
      ? await call<SegmentRow>(`/api/v1/segments/${id}`, {
          method: 'PATCH',
          body,
          headers: { 'if-match': `"${version}"` },
        })
      : await call<SegmentRow>('/api/v1/segments', { body })
    drafting.settle(saved)
    invalidate('/api/v1/segments')
    toast(t('saved'))
    onSaved(saved)
  }
  const attempt = async (by: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(null)
    setHint(null)
    try {
      await by()
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  const isTaken = error?.code === 'entity.conflict'
  return {
    error,
    busy,
    hint,
    /** Somebody else saved meanwhile. */
    isConflict: error?.status === 412,
    fields: isTaken ? { name: t('segments.name.taken') } : (error?.fields ?? {}),
    async save() {
      // What was typed into a field of several values counts once it is left.
      ;(document.activeElement as HTMLElement | null)?.blur()
      if (busy || (id !== null && !drafting.isDirty)) return
      if (draft.name.trim() === '') {
        setHint(t('segments.name.missing'))
        document.getElementById('segment-name')?.focus()
        return
      }
      if (missing !== null && draft.kind !== 'manual') {
        setHint(t('segments.incomplete'))
        const node = document.querySelector(`[data-node="${missing}"]`)
        node
          ?.querySelector<HTMLElement>(
            'input[data-missing], [data-missing] input, [aria-invalid], select, input, button',
          )
          ?.focus()
        return
      }
      await attempt(() => send(basedOn))
    },
    /** Saves over what somebody else saved. */
    overwrite: () => attempt(async () => send((await reload()).version)),
    /** Takes what somebody else saved; undo brings the own work back. */
    takeTheirs: () => attempt(async () => drafting.rebase(await reload())),
    /** Another window signed in again, or the server came back. */
    forgive: () => setError(null),
  }
}
