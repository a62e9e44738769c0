import { ApiError, call, can, Progress as Bar, t, toast } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import type { RunRow, SegmentRow } from '../model/segment.ts'

/** How far the recompute is that is under way, asked every second until it is over. */
export function Progress({ row, onDone }: { readonly row: SegmentRow; readonly onDone: () => void }) {
  const [run, setRun] = useState<RunRow | null>(null)
  const isRunning = row.status === 'computing'
  useEffect(() => {
    if (!isRunning) return
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const look = async (): Promise<void> => {
      try {
        const { items } = await call<{ items: readonly RunRow[] }>(
          `/api/v1/segments/${row.id}/runs?sort=-createdAt&limit=1`,
          { signal: abort.signal },
        )
        setRun(items[0] ?? null)
        if (items[0] && items[0].state !== 'running') return onDone()
      } catch (error) {
        if (abort.signal.aborted || !(error instanceof ApiError)) return
      }
      timer = setTimeout(() => void look(), 1000)
    }
    void look()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [row.id, row.runId, isRunning])
  if (row.status === 'failed')
    return (
      <p class="issue error notice" role="status">
        {t('segments.failed')}
      </p>
    )
  if (!isRunning) return null
  const cancel = async (): Promise<void> => {
    try {
      await call(`/api/v1/segments/${row.id}/recompute/cancel`, { method: 'POST' })
      onDone()
    } catch (error) {
      toast((error as Error).message, { kind: 'problem' })
    }
  }
  return (
    <div class="notice">
      <span>{t('segments.computing')}</span>
      <Bar label={t('segments.computing')} done={run?.done ?? 0} total={run?.total ?? null} />
      {can('segments:write') && (
        <button type="button" onClick={() => void cancel()}>
          {t('cancel')}
        </button>
      )}
    </div>
  )
}
