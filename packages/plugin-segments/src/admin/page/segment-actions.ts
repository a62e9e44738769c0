import {
  ApiError,
  call,
  dayIn,
  invalidate,
  navigate,
  session,
  t,
  toast,
  type MenuItem,
} from '@clientele/admin-sdk'
import type { SegmentRow } from '../model/segment.ts'

/** What can be done with a saved segment besides changing it. */
export function useSegmentActions(
  row: SegmentRow | null,
  reload: () => Promise<SegmentRow>,
): readonly MenuItem[] {
  if (!row) return []
  const { id, name } = row
  return [
    {
      id: 'recompute',
      label: t('segments.recompute'),
      isDisabled: row.kind === 'snapshot',
      onSelect: attempt(async () => {
        await call(`/api/v1/segments/${id}/recompute`, { method: 'POST' })
        await reload()
      }),
    },
    {
      id: 'duplicate',
      label: t('segments.duplicate'),
      onSelect: () => navigate(`/segments/new?from=${id}`),
    },
    {
      id: 'snapshot',
      label: t('segments.snapshot'),
      onSelect: attempt(async () => {
        const day = dayIn(session.value?.tenant.timeZone ?? 'UTC')
        const body = { name: `${name} (${day})`.slice(0, 200), condition: row.condition, kind: 'snapshot' }
        const made = await call<SegmentRow>('/api/v1/segments', { body })
        invalidate('/api/v1/segments')
        toast(t('segments.snapshot.done', { name: made.name }))
        navigate(`/segments/${made.id}`)
      }),
    },
    {
      id: 'remove',
      label: t('segments.archive'),
      icon: 'trash',
      isSeparated: true,
      onSelect: attempt(async () => {
        await removeSegment(id, name)
        navigate('/segments')
      }),
    },
  ]
}

/** Removes a segment, and offers to undo it. @throws ApiError `segments.in_use` */
async function removeSegment(id: string, name: string): Promise<void> {
  await call(`/api/v1/segments/${id}`, { method: 'DELETE' })
  invalidate('/api/v1/segments')
  const restore = attempt(async () => {
    await call(`/api/v1/segments/${id}/restore`, { method: 'POST' })
    invalidate('/api/v1/segments')
    toast(t('segments.restored', { name }))
  })
  toast(t('segments.archived', { name }), { action: { label: t('segments.undo'), run: restore } })
}

function attempt(act: () => Promise<void>): () => void {
  return () => {
    act().catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error
      toast(error.message, { kind: 'problem' })
    })
  }
}
