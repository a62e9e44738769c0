import { t } from '@clientele/admin-sdk'
import type { SegmentRow } from '../model/segment.ts'

/** Whether the members are complete. */
export function Status({ row: { status } }: { readonly row: Pick<SegmentRow, 'status'> }) {
  return <span class={`badge status ${status}`}>{t(`segments.status.${status}`)}</span>
}
